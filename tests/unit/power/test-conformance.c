/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of the conformance suite. Each box here is as simple as can be; the real behaviour is hw/virtual's. */
#include <string.h>

#include "hw/power/rapi.h"
#include "tests/unit/power/conformance.h"

static gpointer
open_rapi (const char *path,
           TwClock    *clock,
           TwPower   **power,
           TwMeter   **meter)
{
  const TwRapiOptions options = {
    .clock = clock, .phases = 1, .voltage_v = 230, .max_current_a = 32, .label = "1",
    .times = {
      .answer_ms = CONFORMANCE_ANSWER_MS, .poll_ms = CONFORMANCE_POLL_MS, .lost_ms = CONFORMANCE_LOST_MS,
      .reopen_ms = CONFORMANCE_REOPEN_MS, .read_ms = CONFORMANCE_READ_MS, .health_ms = 200, .pulse_ms = 100,
      .open_ms = 1000, .assume_open_ms = 100,
    },
  };
  g_autoptr (GError) error = NULL;
  TwRapi *rapi = tw_rapi_open (path, &options, &error);

  g_assert_no_error (error);
  *power = tw_rapi_power (rapi);
  *meter = tw_rapi_meter (rapi);
  return rapi;
}

static void
close_rapi (gpointer device)
{
  tw_rapi_close (device);
}

static void
say (GByteArray *out,
     const char *id,
     const char *text)
{
  g_autofree char *body = g_strconcat (text, id, NULL);
  g_autofree char *line = NULL;
  guint8 check = 0;

  for (const char *c = body; *c; c++)
    check ^= (guint8) *c;
  line = g_strdup_printf ("%s^%02X\r", body, check);
  g_byte_array_append (out, (const guint8 *) line, (guint) strlen (line));
}

static char *
answer_to (ConformanceBox *box,
           const char     *command,
           gboolean        old)
{
  if (g_str_has_prefix (command, "GV"))
    return g_strdup (old ? "$OK 4.8.0 3.0.1" : "$OK 8.2.1 5.2.1");
  if (g_str_has_prefix (command, "GS") && old)
    return g_strdup (box->on ? "$OK 3 100" : "$OK 254 100");
  if (g_str_has_prefix (command, "GS"))
    return g_strdup (box->on ? "$OK 03 100 03 0140" : "$OK fe 100 02 0100");
  if (g_str_has_prefix (command, "G0"))
    return g_strdup ("$OK 1");
  if (g_str_has_prefix (command, "GU"))
    return g_strdup_printf ("$OK %d %d", (int) box->session_ws, (int) box->total_wh);
  if (g_str_has_prefix (command, "GG"))
    return g_strdup (box->on ? "$OK 15000 230000" : "$OK 0 230000");
  if (g_str_has_prefix (command, "GE"))
    return g_strdup_printf ("$OK %u 0021", box->offered_a);
  if (g_str_has_prefix (command, "SC "))
    {
      box->offered_a = (guint) g_ascii_strtoull (command + 3, NULL, 10);
      return g_strdup_printf ("$OK %u", box->offered_a);
    }
  if (g_str_has_prefix (command, "FE"))
    {
      box->switched_on += box->on ? 0 : 1;
      box->on = TRUE;
      return g_strdup ("$OK");
    }
  if (g_str_has_prefix (command, "FS"))
    {
      box->on = FALSE;
      return g_strdup ("$OK");
    }

  return g_strdup ("$NK");
}

static gsize
answer_rapi (const guint8 *heard,
             gsize         n,
             GByteArray   *answer,
             gpointer      user_data,
             gboolean      old)
{
  const guint8 *end = memchr (heard, '\r', n);
  g_autofree char *line = NULL, *text = NULL, *id = NULL;
  const char *colon;

  if (end == NULL)
    return 0;

  g_assert_cmpint (heard[0], ==, '$');
  line = g_strndup ((const char *) heard, (gsize) (end - heard));
  colon = strstr (line, " :");
  id = !old && colon ? g_strndup (colon, 4) : g_strdup ("");
  text = answer_to (user_data, line + 1, old);
  say (answer, id, text);
  return (gsize) (end - heard) + 1;
}

static gsize
answer_old (const guint8 *heard,
            gsize         n,
            GByteArray   *answer,
            gpointer      user_data)
{
  return answer_rapi (heard, n, answer, user_data, TRUE);
}

static gsize
answer_new (const guint8 *heard,
            gsize         n,
            GByteArray   *answer,
            gpointer      user_data)
{
  return answer_rapi (heard, n, answer, user_data, FALSE);
}

static void
restart (ConformanceBox *box)
{
  box->on = TRUE;
  box->offered_a = 32;
}

static const char *
unasked_old (void)
{
  return "$ST 03^00\r";
}

static const char *
unasked_new (void)
{
  return "$AT 03 03 16 0140^33\r";
}

/* A lost controller is worth a warning; here that is what is asked for. */
static GLogWriterOutput
on_log (GLogLevelFlags   level,
        const GLogField *fields,
        gsize            n_fields,
        gpointer         user_data)
{
  return level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL) ? g_log_writer_default (level, fields, n_fields, user_data)
                                                            : G_LOG_WRITER_HANDLED;
}

int
main (int   argc,
      char *argv[])
{
  static const ConformanceDriver drivers[] = {
    { "rapi-old", open_rapi, close_rapi, answer_old, unasked_old, restart, 0 },
    { "rapi-new", open_rapi, close_rapi, answer_new, unasked_new, restart, 0 },
  };

  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL);
  g_log_set_writer_func (on_log, NULL, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (drivers); i++)
    conformance_add (&drivers[i]);
  return g_test_run ();
}
