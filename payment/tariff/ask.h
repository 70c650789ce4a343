/* SPDX-License-Identifier: Apache-2.0 */
/* One rule asked of one tariff at one site. This folder's own; lint.c asks the tariff, ask-amount.c how much it
 * takes, ask-site.c the site. */
#pragma once

#include "payment/tariff/rules.h"
#include "payment/tariff/survey.h"

/* What is asked, of whom, and where the answers go. */
typedef struct
{
  const TwTariff *tariff;
  const TwSurvey *survey;
  const TwSite   *site;
  const TwRule   *rule;
  GPtrArray      *complaints;
} TwAsk;

/* Takes path; sample may be NULL. Each rule and path once. */
void   tw_ask_complain (const TwAsk *ask, char *path, const char *sample);
char  *tw_component_path (const TwComponent *component, const char *member);   /* member: ".price", "" */

/* Whether the site breaks the rule. NO also if the rule is not about a site. UNKNOWN: *needs is what one would have to
 * know. */
TwFact tw_ask_site_breaks (const TwAsk *ask, const char **needs);
void   tw_ask_site (const TwAsk *ask);

/* Amounts in micro units of the currency against the rule's limit. */
gboolean tw_ask_is_cheap (const TwAsk *ask, gint64 micro);
gboolean tw_ask_is_dear (const TwAsk *ask, gint64 micro);
void   tw_ask_minimum (const TwAsk *ask);
void   tw_ask_hold (const TwAsk *ask);
