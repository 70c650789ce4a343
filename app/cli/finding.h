/* SPDX-License-Identifier: Apache-2.0 */
/* What doctor finds: how bad, about what, and what to do about it. */
#pragma once

#include "app/cli/verb.h"

typedef enum
{
  TW_SEVERITY_OK,
  TW_SEVERITY_WARN,   /* works now, and will not always */
  TW_SEVERITY_FAIL,   /* does not work */
} TwSeverity;

typedef struct _TwFindings TwFindings;

TwFindings *tw_findings_new (void);
void        tw_findings_free (TwFindings *self);

/* check: one word, "device". subject: what was looked at. advice: what to do; NULL when all is well. */
void        tw_findings_add (TwFindings *self, TwSeverity severity, const char *check, const char *subject,
                             const char *advice, const char *format, ...) G_GNUC_PRINTF (6, 7);

TwSeverity  tw_findings_worst (const TwFindings *self);
gboolean    tw_findings_print (const TwFindings *self, const TwVerb *verb);
/* {worst, findings: [{severity, check, subject, text, advice}]} */
gboolean    tw_findings_print_json (const TwFindings *self, const TwVerb *verb);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwFindings, tw_findings_free)
