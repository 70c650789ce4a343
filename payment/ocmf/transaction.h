/* SPDX-License-Identifier: Apache-2.0 */
/* Begin and end: which records are one sale, how much energy it took by the meter's own digits, and what is wrong with
 * it. The signature of every record may be good and the sale still made up, of the begin of one and the end of another.
 * Pure. Any thread.
 */
#pragma once

#include "payment/ocmf/container.h"

/* The checks that a record and its sale fail, by their numbers in the list of transparency checks. */
typedef enum
{
  TW_OCMF_FINDING_STRUCTURE           = 1 << 0,   /* 5: not one begin and one end, or a field is missing */
  TW_OCMF_FINDING_PAGINATION_GAP      = 1 << 1,   /* 5: a number of the meter's counter is missing */
  TW_OCMF_FINDING_METER_RESET         = 1 << 2,   /* 5: the counter ran back, or repeats */
  TW_OCMF_FINDING_METER_IDENTITY      = 1 << 3,   /* 2: not the same meter, gateway or key */
  TW_OCMF_FINDING_IDENTIFICATION      = 1 << 4,   /* 3: not the same customer, or in an error state */
  TW_OCMF_FINDING_TARIFF_TEXT         = 1 << 5,   /* 4 */
  TW_OCMF_FINDING_NOT_BILLABLE        = 1 << 6,   /* 6: the meter says that its energy is not usable */
  TW_OCMF_FINDING_TIME_NOT_BILLABLE   = 1 << 7,   /* 6, 9: energy may be billed, time may not */
  TW_OCMF_FINDING_ENERGY_IMPLAUSIBLE  = 1 << 8,   /* 7: no difference of like with like, or an impossible one */
  TW_OCMF_FINDING_TIME_DEVIATION      = 1 << 9,   /* 8: times that cannot be read, or do not grow */
  TW_OCMF_FINDING_CABLE_LOSS          = 1 << 10,  /* 11: a warning */
  TW_OCMF_FINDING_RECORD_REUSED       = 1 << 11,  /* 12: the same signed bytes once more */
} TwOcmfFinding;

enum { TW_OCMF_N_FINDINGS = 12 };

/* "pagination_gap"; i counts from 0 as the bits do. */
const char *tw_ocmf_finding_name (guint i);

typedef struct
{
  const TwOcmfRecord   *record;       /* NULL: malformed; it takes no part */
  TwOcmfJudgement       judgement;    /* the end of another sale than the begin's becomes INVALID by matching */
  guint                 findings;     /* TwOcmfFinding; on the record that ends the sale where they are of both */
  int                   partner;      /* the other end's index; its own if it has both; -1: none */
  const TwOcmfReading  *begin, *end;  /* the registers that are billed, or the events; NULL: not in this record */
  char                 *energy_wh;    /* by the digits, on the record that ends the sale; NULL: they do not say */
} TwOcmfCase;

typedef struct
{
  gint64      max_power_w;   /* what the EVSE can deliver; 0: not known, not checked */
  const char *register_id;   /* RI of the billed register; NULL: the first that is no export */
} TwOcmfRules;

/* Records in the order in which they were read, each with its judgement. Only those with a good one can be a sale.
 * A begin and an end are a sale if meter, gateway, key and identification are the same and the counter's numbers
 * follow on one another, with all that lies between them there. Each record is in one sale at most, and bytes that were
 * signed once count once. An end that finds no begin, while a begin of these records has no end, is foreign: its
 * verdict becomes INVALID, and its reason and findings say what is not the same. It is not, if it stands before that
 * begin and is of the same meter's earlier numbers. So give what belongs together: a sale, or a meter's log, or a file
 * as it came. rules may be NULL. */
void tw_ocmf_match (TwOcmfCase *cases, guint n, const TwOcmfRules *rules);
void tw_ocmf_case_clear (TwOcmfCase *self);   /* not the record */

/* Reads and verifies each of the container's records, as many at a time as there are processors; keys->container is not
 * looked at. One case for each item, not matched yet. Free with tw_ocmf_cases_free(). */
TwOcmfCase *tw_ocmf_container_judge (const TwOcmfContainer *container, const TwOcmfKeys *keys);
void        tw_ocmf_cases_free (TwOcmfCase *cases, guint n);   /* and their records */
