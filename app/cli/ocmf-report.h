/* SPDX-License-Identifier: Apache-2.0 */
/* What tapwatt ocmf verify prints. */
#pragma once

#include "app/cli/verb.h"
#include "payment/ocmf/container.h"
#include "payment/ocmf/transaction.h"

typedef struct
{
  const TwOcmfContainer *container;
  const TwOcmfCase      *cases;      /* one for each of the container's items */
} TwOcmfReport;

/* All records are good, and the file has nothing else in it. */
gboolean tw_ocmf_report_is_good (const TwOcmfReport *self);
/* FALSE and a complaint: stdout takes no more. */
gboolean tw_ocmf_report_print (const TwOcmfReport *self, const TwVerb *verb);
gboolean tw_ocmf_report_print_json (const TwOcmfReport *self, const TwVerb *verb);
