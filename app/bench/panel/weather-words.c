/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "app/bench/panel/network-page.h"

static void
add (GString    *text,
     const char *format,
     ...) G_GNUC_PRINTF (2, 3);

static void
add (GString    *text,
     const char *format,
     ...)
{
  va_list args;

  if (text->len > 0)
    g_string_append_c (text, '\n');
  va_start (args, format);
  g_string_append_vprintf (text, format, args);
  va_end (args);
}

/* "for ever", "once", "3 times". */
static char *
how_often (gint64 count)
{
  if (count < 0)
    return g_strdup ("until cleared");

  return count == 1 ? g_strdup ("once") : g_strdup_printf ("%d times", (int) count);
}

static void
add_faults (GString      *text,
            const TwJson *faults)
{
  for (guint i = 0; i < tw_json_length (faults); i++)
    {
      const TwJson *fault = tw_json_element (faults, i);
      g_autofree char *often = how_often (tw_state_number (fault, "count"));

      add (text, "• %s: %s, %s acting, %s", strcmp (tw_state_text (fault, "op"), "any") == 0 ? "any request"
           : tw_state_text (fault, "op"), tw_state_text (fault, "kind"), tw_state_text (fault, "when"), often);
    }
}

/* The last rule stands always: the bank's for the card that is declined. */
static void
add_rules (GString      *text,
           const TwJson *rules)
{
  for (guint i = 0; i < tw_json_length (rules); i++)
    {
      const TwJson *rule = tw_json_element (rules, i);
      g_autofree char *often = how_often (tw_state_number (rule, "count"));

      if (!tw_state_is (rule, "one_card"))
        add (text, "• bank, %s: %s %s, %s", tw_state_text (rule, "op"), tw_state_text (rule, "status"),
             tw_state_text (rule, "reason"), often);
    }
}

char *
tw_weather_words (const TwJson *state)
{
  g_autoptr (GString) text = g_string_new (NULL);
  gint64 offset = tw_state_number (state, "clock_offset_s");

  if (state == NULL)
    return NULL;
  if (!tw_state_is (state, "listening"))
    add (text, "• the acquirer is down: nobody listens");
  if (strcmp (tw_state_text (state, "tls"), "right") != 0)
    add (text, "• its certificate: %s", tw_state_text (state, "tls"));
  add_faults (text, tw_json_member (state, "faults"));
  if (tw_state_number (state, "waiting") > 0)
    add (text, "• %d requests wait for their answer", (int) tw_state_number (state, "waiting"));
  add_rules (text, tw_json_member (state, "rules"));
  if (!tw_state_is (state, "cents"))
    add (text, "• cents of an amount decide nothing");
  if (tw_state_number (state, "search_lag_ms") > 0 || tw_state_number (state, "details_lag_ms") > 0)
    add (text, "• searches lag by %d s, details by %d s", (int) (tw_state_number (state, "search_lag_ms") / 1000),
         (int) (tw_state_number (state, "details_lag_ms") / 1000));
  if (offset != 0)
    add (text, "• its clock is %d s %s", (int) ABS (offset), offset > 0 ? "ahead" : "behind");

  return text->len > 0 ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}
