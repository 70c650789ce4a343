/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/visit-wire.h"

#include "app/bench/coins.h"

static void
write_wire (TwHappenings *happenings,
            const char   *text,
            gboolean      from_station,
            const char   *session,
            const TwAsk  *ask,
            guint         http)
{
  g_autofree char *path = tw_happenings_mask (ask->path);
  TwJsonOut *out = tw_happenings_begin (happenings, "wire", text);

  if (out == NULL)
    return;
  tw_json_out_string (out, "wire", "acquirer");
  tw_json_out_string (out, "from", from_station ? "station" : "street");
  tw_json_out_string (out, "session", session);
  tw_json_out_string (out, "op", tw_act_name (ask->act));
  tw_json_out_string (out, "method", ask->method);
  tw_json_out_string (out, "path", path);
  if (!from_station)
    tw_json_out_int64 (out, "http", http);
  tw_happenings_end (happenings, out, FALSE);
}

void
tw_visit_wire_asked (TwHappenings *happenings,
                     const TwAsk  *ask,
                     const TwWish *wish)
{
  g_autofree char *path = tw_happenings_mask (ask->path);
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_printf (text, "%s: %s %s", tw_act_name (ask->act), ask->method, path);
  if (wish != NULL && wish->amount_minor >= 0 && wish->currency != NULL)
    {
      g_autofree char *amount = tw_coin_text (wish->amount_minor, wish->currency);

      g_string_append_printf (text, ", %s %s", amount, wish->currency);
    }
  if (wish != NULL && wish->encrypted)
    g_string_append (text, ", encrypted");
  write_wire (happenings, text->str, TRUE, wish != NULL ? wish->code : NULL, ask, 0);
}

void
tw_visit_wire_answered (TwHappenings *happenings,
                        const TwAsk  *ask,
                        const char   *code,
                        guint         http,
                        const char   *how)
{
  g_autofree char *text = NULL;

  if (http == 0)
    text = g_strdup_printf ("%s: %s", tw_act_name (ask->act), how);
  else
    text = g_strdup_printf ("%s: HTTP %u%s%s", tw_act_name (ask->act), http, how != NULL ? ", " : "",
                            how != NULL ? how : "");
  write_wire (happenings, text, FALSE, code, ask, http);
}
