/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/panel/entry-words.h"

#include <string.h>

#include "app/base/whole.h"
#include "payment/money/money.h"

static const char *
text_of (const TwJson *payload,
         const char   *name)
{
  const TwJson *value = tw_json_member (payload, name);
  const char *text = tw_json_string (value);

  if (text == NULL)
    text = tw_json_number_text (value);
  return text != NULL ? text : "";
}

/* Payloads do not say their currency, apart from the offer; sums of the view do. */
static char *
amount_of (const TwJson *payload,
           const char   *name)
{
  const char *text = tw_json_number_text (tw_json_member (payload, name));
  gint64 minor = 0;

  if (text == NULL || !tw_whole_parse (text, G_MININT64, G_MAXINT64, &minor))
    return g_strdup ("?");

  return tw_money_to_decimal (tw_money (minor, "EUR"));
}

static char *
words_of_step (const char   *kind,
               const TwJson *payload,
               gboolean     *bad)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const char *reason = text_of (payload, "reason");

  g_string_printf (text, "%s %s: %s, %s → %s", kind, text_of (payload, "connector"), text_of (payload, "event"),
                   text_of (payload, "from"), text_of (payload, "to"));
  if (*reason != '\0')
    g_string_append_printf (text, " (%s)", reason);
  if (strcmp (text_of (payload, "place"), "over") == 0)
    g_string_append (text, ", session over");
  *bad = strcmp (text_of (payload, "to"), "fault") == 0;

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
words_of_hold (const char   *kind,
               const TwJson *payload,
               gboolean     *bad)
{
  g_autofree char *held = amount_of (payload, "held_minor");
  const char *reason = text_of (payload, "reason");

  *bad = strcmp (kind, "approved") != 0;
  if (!*bad)
    return g_strdup_printf ("approved: %s held%s", held,
                            tw_json_is_true (tw_json_member (payload, "late")) ? ", late" : "");

  return g_strdup_printf ("no hold: %s%s%s", text_of (payload, "end"), *reason != '\0' ? ", " : "", reason);
}

static char *
words_of_money (const char   *kind,
                const TwJson *payload,
                gboolean     *bad)
{
  g_autofree char *amount = NULL;

  if (strcmp (kind, "request") == 0)
    {
      amount = amount_of (payload, "amount_minor");
      return g_strdup_printf ("will ask: %s %s, try %s", text_of (payload, "operation"), amount,
                              text_of (payload, "n"));
    }
  if (strcmp (kind, "answer") == 0)
    {
      const char *detail = text_of (payload, "detail");

      *bad = strcmp (text_of (payload, "outcome"), "done") != 0;
      return g_strdup_printf ("answered: %s%s%s", text_of (payload, "outcome"), *detail != '\0' ? ", " : "", detail);
    }

  *bad = TRUE;
  return g_strdup_printf ("finding: %s, %s", text_of (payload, "class"), text_of (payload, "text"));
}

char *
tw_entry_words (const char   *kind,
                const TwJson *payload,
                gboolean     *bad)
{
  g_autofree char *amount = NULL;

  *bad = payload == NULL;
  if (payload == NULL)
    return g_strdup_printf ("%s: its payload cannot be read", kind);
  if (strcmp (kind, "counter") == 0 || strcmp (kind, "bay") == 0)
    return words_of_step (kind, payload, bad);
  if (strcmp (kind, "approved") == 0 || strcmp (kind, "not-approved") == 0)
    return words_of_hold (kind, payload, bad);
  if (strcmp (kind, "request") == 0 || strcmp (kind, "answer") == 0 || strcmp (kind, "finding") == 0)
    return words_of_money (kind, payload, bad);
  if (strcmp (kind, "station-started") == 0)
    return g_strdup_printf ("station started, version %s", text_of (payload, "version"));
  if (strcmp (kind, "offered") == 0)
    {
      amount = amount_of (payload, "hold_minor");
      return g_strdup_printf ("offered at connector %s: a tap holds %s", text_of (payload, "connector"), amount);
    }
  if (strcmp (kind, "referenced") == 0)
    return g_strdup_printf ("will ask: %s, card %s", text_of (payload, "operation"),
                            text_of (tw_json_member (payload, "card"), "masked"));
  if (strcmp (kind, "reading") == 0)
    return g_strdup_printf ("reading (%s): %s Wh, now %s", text_of (payload, "why"), text_of (payload, "register_wh"),
                            text_of (payload, "phase"));
  if (strcmp (kind, "bill") == 0)
    {
      amount = amount_of (payload, "capture_minor");
      return g_strdup_printf ("bill: %s Wh, %s to capture", text_of (payload, "energy_wh"), amount);
    }
  if (strcmp (kind, "visit") == 0)
    return g_strdup_printf ("a visit got as far as %s", text_of (payload, "reached"));
  if (strcmp (kind, "receipt-fetched") == 0)
    return g_strdup_printf ("receipt %s", text_of (payload, "how"));

  return g_strdup (kind);
}
