/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/analytics/sources/sources.h"
#include "tests/unit/reconcile-readers/given.h"

#include <string.h>

/* What an export of a file with these bytes is. */
static char *
export (const char         *bytes,
        const TwFeedTerms  *terms,
        TwQuality         **quality)
{
  static const TwFeedTerms none = { 0 };
  g_autoptr (GivenFile) path = given_file (bytes, -1);
  g_autoptr (GOutputStream) out = g_memory_output_stream_new_resizable ();
  g_autoptr (TwCopies) copies = tw_copies_new ();
  g_autoptr (TwGate) gate = tw_gate_new (copies, "a.csv", TW_UNKNOWN);
  g_autoptr (TwSessionsWriter) writer = tw_sessions_writer_new (out, gate);
  g_auto (TwFeedReport) report = { 0 };
  g_autoptr (GError) error = NULL;

  tw_feed_report_init (&report);
  tw_sessions_writer_add_file (writer, path, terms ? terms : &none, &report, &error);
  g_assert_no_error (error);
  g_assert_true (tw_sessions_writer_end (writer, &error));
  g_assert_true (g_output_stream_close (out, NULL, NULL));
  if (quality)
    {
      *quality = tw_quality_new ();
      tw_quality_merge (*quality, tw_gate_quality (gate));
    }
  return g_strndup (g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (out)),
                    g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (out)));
}

#define HEADER \
  "session_id,site_id,evse_id,connector_id,plug_in,plug_out,time_zone,charge_start,charge_end,charging_s,occupied_s," \
  "energy_kwh,max_power_kw,rated_power_kw,evse_kind,start_means,end_reason,customer_token,token_epoch,currency," \
  "price_total,tax_total,captured,refunded,psp_fee,chargeback,money_state,tariff_id,meter_begin,meter_end,held," \
  "held_from,held_until,tap_at,answered_at,time_basis,quality"

static const char foreign[] =
  "\xef\xbb\xbfsite_id,Note,evse_id,session_id,plug_in,plug_out,time_zone,energy_kwh,x_kept,meter_begin,captured,"
  "currency,evse_kind,customer_token,quality,note_2\r\n"
  "n,\"a, \"\"b\"\"\nc\",E,\"S;1\",2026-03-29T01:59:59.5+01:00,2026-03-29T03:00:00+02:00,Europe/Berlin,7.1999, k ,"
  "100.50,5.5,EUR,AC,ABCDEF,century_repaired;overlap,\r\n"
  "n,,E,S2,2026-03-29T01:59:59+01:00,,Europe/Berlin,,,,,,DC,,,\xc3\xbc\r\n"
  "n,,E,S2,2026-03-29T01:59:59+01:00,,Europe/Berlin,,,,,,DC,,,\xc3\xbc\r\n"
  "n,,E,S3,yesterday,,Europe/Berlin,,,,,,,,,\r\n"
  "n,,E,S4,0014-03-29T01:59:59+01:00,,Europe/Berlin,-0.5,,,,,,,,\r\n";

static void
test_what_is_written (void)
{
  g_autoptr (TwQuality) quality = NULL;
  g_autofree char *text = export (foreign, NULL, &quality);

  g_assert_cmpstr (text, ==,
    HEADER ",x_Note,x_kept,x_note_2\n"
    "\"S;1\",n,E,,2026-03-29T00:59:59.500000Z,2026-03-29T01:00:00Z,Europe/Berlin,,,,,7.200,,,AC,,,0000000000abcdef,,"
    "EUR,,,5.50,,,,,,100.50,,,,,,,,charge_end_unknown;very_short;century_repaired,\"a, \"\"b\"\"\nc\",k,\n"
    "S2,n,E,,2026-03-29T00:59:59Z,,Europe/Berlin,,,,,,,,DC,,,,,,,,,,,,,,,,,,,,,,"
    "open;customer_unknown;no_money,,,\xc3\xbc\n"
    "S2,n,E,,2026-03-29T00:59:59Z,,Europe/Berlin,,,,,,,,DC,,,,,,,,,,,,,,,,,,,,,,"
    "exact_duplicate;open;customer_unknown;no_money,,,\xc3\xbc\n"
    "S4,n,E,,0014-03-29T00:59:59Z,,Europe/Berlin,,,,,-0.500,,,,,,,,,,,,,,,,,,,,,,,,,"
    "year_impossible;open;customer_unknown;energy_negative;no_money,,,\n");
  g_assert_cmpuint (quality->n_read, ==, 5);
  g_assert_cmpuint (quality->n[TW_FLAG_REFUSED], ==, 1);
  g_assert_cmpuint (quality->n_used, ==, 2);
}

/* facts/analytics.md section 13: import, export, import gives the same bytes. */
static void
test_written_again_it_is_the_same (void)
{
  g_autofree char *once = export (foreign, NULL, NULL), *twice = export (once, NULL, NULL);

  g_assert_cmpstr (once, ==, twice);
}

static void
test_columns_that_would_come_twice (void)
{
  g_autofree char *once = export ("session_id,site_id,evse_id,plug_in,time_zone,energy_kwh,note,x_note,X_NOTE_\n"
                                  "S,n,E,2026-03-29T01:59:59Z,UTC,1,a,b,c\n", NULL, NULL);
  g_autofree char *twice = export (once, NULL, NULL);

  g_assert_true (g_str_has_prefix (once, HEADER ",x_note,x_note_,x_X_NOTE_\n"));
  g_assert_cmpstr (once, ==, twice);
}

static void
test_nothing_is_a_header (void)
{
  g_autofree char *text = export ("session_id,site_id,evse_id,plug_in,time_zone,energy_kwh\n", NULL, NULL);

  g_assert_cmpstr (text, ==, HEADER "\n");
}

static void
test_a_zone_that_was_told_is_told_on (void)
{
  const TwFeedTerms terms = { .time_zone = "Europe/Oslo" };
  g_autofree char *once = export ("session_id,site_id,evse_id,plug_in,energy_kwh\n"
                                  "S,n,E,2026-03-29T01:59:59Z,1\n", &terms, NULL);
  g_autofree char *twice = export (once, NULL, NULL);

  g_assert_nonnull (strstr (once, "zone_assumed"));
  g_assert_nonnull (strstr (once, "Europe/Oslo"));
  g_assert_cmpstr (once, ==, twice);
}

static void
test_a_long_name_stays_what_it_became (void)
{
  g_autofree char *name = g_strnfill (200, 'n');
  g_autofree char *file = g_strdup_printf ("session_id,site_id,evse_id,plug_in,time_zone,energy_kwh,%s\n"
                                           "S,n,E,2026-03-29T01:59:59Z,UTC,1,kept\n", name);
  g_autofree char *once = export (file, NULL, NULL);
  g_autofree char *twice = export (once, NULL, NULL);

  g_assert_nonnull (strstr (once, ",x_nnnn"));
  g_assert_nonnull (strstr (once, ",kept"));
  g_assert_cmpstr (once, ==, twice);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analytics/writer/what-is-written", test_what_is_written);
  g_test_add_func ("/analytics/writer/written-again-it-is-the-same", test_written_again_it_is_the_same);
  g_test_add_func ("/analytics/writer/columns-that-would-come-twice", test_columns_that_would_come_twice);
  g_test_add_func ("/analytics/writer/nothing-is-a-header", test_nothing_is_a_header);
  g_test_add_func ("/analytics/writer/a-long-name-stays-what-it-became", test_a_long_name_stays_what_it_became);
  g_test_add_func ("/analytics/writer/a-zone-that-was-told-is-told-on", test_a_zone_that_was_told_is_told_on);
  return g_test_run ();
}
