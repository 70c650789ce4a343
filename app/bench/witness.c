/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/witness.h"

#include <string.h>

#include "app/base/error.h"
#include "app/base/whole.h"
#include "app/bench/conditions.h"
#include "app/bench/ctl.h"

#define ANSWER_TIMEOUT_S 30

struct _TwWitness
{
  char *socket;
};

static const char *const STATUS[] = { "status", NULL };
static const char *const LEDGER[] = { "ledger", NULL };

TwWitness *
tw_witness_new (const char *dir)
{
  TwWitness *self = g_new0 (TwWitness, 1);

  self->socket = g_build_filename (dir, "ctl.sock", NULL);
  return self;
}

void
tw_witness_free (TwWitness *self)
{
  if (self == NULL)
    return;
  g_free (self->socket);
  g_free (self);
}

TwJson *
tw_witness_ask (TwWitness         *self,
                const char *const *words,
                GError           **error)
{
  g_autoptr (GBytes) request = tw_ctl_request (words);
  g_autofree char *text = tw_ctl_ask (self->socket, request, ANSWER_TIMEOUT_S, error);
  const TwJsonLimits limits = { 64 * 1024 * 1024, 32, 5000000 };
  g_autoptr (TwJson) answer = NULL;

  if (text == NULL)
    return NULL;
  answer = tw_json_parse (text, strlen (text), &limits, error);
  if (answer == NULL || tw_json_is_true (tw_json_member (answer, "ok")))
    return g_steal_pointer (&answer);

  tw_refuse (error, TW_ERROR_REFUSED, "%s", tw_json_string (tw_json_member (answer, "error")));

  return NULL;
}

static void
append_members (GString      *text,
                const TwJson *object)
{
  g_string_append (text, "\n   ");
  for (guint i = 0; i < tw_json_length (object); i++)
    g_string_append_printf (text, " %s=%s", tw_json_member_name (object, i),
                            tw_condition_text (tw_json_element (object, i)));
}

/* "ledger a=b ...": at least one payment (line) is like this, or exactly count of them. */
static gboolean
holds_in_ledger (TwWitness         *self,
                 const char        *array,
                 const char *const *conditions,
                 GError           **error)
{
  g_autoptr (TwJson) answer = tw_witness_ask (self, LEDGER, error);
  const TwJson *all = tw_json_member (answer, array);
  const char *count = tw_conditions_value (conditions, "count");
  g_autoptr (GString) seen = g_string_new (NULL);
  guint64 wanted = 0;
  guint n = 0;

  if (answer == NULL)
    return FALSE;
  if (count != NULL && !tw_whole_parse_unsigned (count, 10, 0, G_MAXUINT, &wanted))
    return tw_bad_data (error, "count=%s: is not a number", count);
  for (guint i = 0; i < tw_json_length (all); i++)
    {
      n += tw_conditions_hold (conditions, tw_json_element (all, i), NULL);
      append_members (seen, tw_json_element (all, i));
    }
  if (count != NULL ? n == wanted : n > 0)
    return TRUE;

  return tw_refuse (error, TW_ERROR_REFUSED, "%u of the ledger's %s are like this:%s", n, array,
                    seen->len > 0 ? seen->str : " there are none");
}

/* "status a.b.c=d ...": all are so. */
static gboolean
holds_in_status (TwWitness         *self,
                 const char *const *conditions,
                 GError           **error)
{
  g_autoptr (TwJson) answer = tw_witness_ask (self, STATUS, error);
  g_autofree char *miss = NULL;

  if (answer == NULL)
    return FALSE;
  if (!tw_conditions_hold (conditions, answer, &miss))
    return tw_refuse (error, TW_ERROR_REFUSED, "%s", miss);

  return TRUE;
}

/* words: "ledger|lines|status" and conditions. */
gboolean
tw_witness_holds (TwWitness         *self,
                  const char *const *words,
                  GError           **error)
{
  if (words[0] == NULL || words[1] == NULL)
    return tw_bad_data (error, "needs ledger, lines or status and at least one NAME=VALUE");
  if (!tw_conditions_check (words + 1, error))
    return FALSE;

  if (strcmp (words[0], "ledger") == 0)
    return holds_in_ledger (self, "payments", words + 1, error);
  if (strcmp (words[0], "lines") == 0)
    return holds_in_ledger (self, "lines", words + 1, error);
  if (strcmp (words[0], "status") == 0)
    return holds_in_status (self, words + 1, error);

  return tw_bad_data (error, "%s: accepted are ledger, lines, status", words[0]);
}

TwJson *
tw_witness_find (TwWitness         *self,
                 const char *const *words,
                 const TwJson     **found,
                 GError           **error)
{
  g_autoptr (TwJson) answer = NULL;
  const TwJson *all;

  if (!tw_witness_holds (self, words, error))
    return NULL;
  answer = tw_witness_ask (self, LEDGER, error);
  if (answer == NULL)
    return NULL;

  *found = NULL;
  all = tw_json_member (answer, strcmp (words[0], "lines") == 0 ? "lines" : "payments");
  for (guint i = 0; strcmp (words[0], "status") != 0 && i < tw_json_length (all); i++)
    if (tw_conditions_hold (words + 1, tw_json_element (all, i), NULL))
      *found = tw_json_element (all, i);
  if (*found != NULL)
    return g_steal_pointer (&answer);
  tw_bad_data (error, "%s: one of ledger or lines is expected, and not count=0", words[0]);

  return NULL;
}
