/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/receipts.h"

typedef struct { TwReceiptCame came[8]; gpointer data[8]; guint n, changed; char *asked; } Station;

static void
ask (const char    *session,
     const char    *format,
     const char    *language,
     TwReceiptCame  came,
     gpointer       came_data,
     gpointer       user_data)
{
  Station *station = user_data;
  g_autofree char *before = g_steal_pointer (&station->asked);

  g_assert_cmpuint (station->n, <, G_N_ELEMENTS (station->came));
  station->came[station->n] = came;
  station->data[station->n++] = came_data;
  station->asked = g_strdup_printf ("%s%s %s %s;", before ? before : "", session, format, language);
}

static void
on_changed (gpointer data)
{
  ((Station *) data)->changed++;
}

static void
answer (Station    *station,
        guint       i,
        const char *text)
{
  station->came[i] (text, station->data[i]);
}

static void
a_receipt_is_asked_for_once (void)
{
  Station station = { 0 };
  TwReceipts *receipts = tw_receipts_new (ask, &station, on_changed, &station);
  const TwPaper *paper = tw_receipts_get (receipts, "A-1", "en");

  g_assert_true (tw_receipts_get (receipts, "A-1", "en") == paper);
  g_assert_cmpstr (station.asked, ==, "A-1 qr en;A-1 json en;");
  g_assert_null (paper->qr);
  answer (&station, 0, "CODE");
  answer (&station, 1, "{\"currency\":\"EUR\"}");
  g_assert_cmpstr (paper->qr, ==, "CODE");
  g_assert_nonnull (paper->json);
  g_assert_false (paper->failed);
  g_assert_cmpuint (station.changed, ==, 2);
  tw_receipts_get (receipts, "A-1", "de");
  g_assert_cmpstr (station.asked, ==, "A-1 qr en;A-1 json en;A-1 qr de;A-1 json de;");
  tw_receipts_free (receipts);
  g_free (station.asked);
}

static void
what_cannot_be_had_or_read_is_said (void)
{
  Station station = { 0 };
  TwReceipts *receipts = tw_receipts_new (ask, &station, on_changed, &station);
  const TwPaper *none = tw_receipts_get (receipts, "A-1", "en"), *broken = tw_receipts_get (receipts, "A-2", "en");

  answer (&station, 0, NULL);
  g_assert_true (none->failed);
  answer (&station, 3, "{");
  g_assert_true (broken->failed);
  g_assert_null (broken->json);
  tw_receipts_renew (receipts, "A-2");
  g_assert_false (broken->failed);
  answer (&station, 4, "{}");
  g_assert_nonnull (broken->json);
  tw_receipts_free (receipts);
  g_free (station.asked);
}

static void
a_late_answer_for_a_forgotten_session_is_harmless (void)
{
  const char *const kept[] = { NULL, "", "A-2" };
  Station station = { 0 };
  TwReceipts *receipts = tw_receipts_new (ask, &station, on_changed, &station);

  tw_receipts_get (receipts, "A-1", "en");
  tw_receipts_keep (receipts, kept, G_N_ELEMENTS (kept));
  answer (&station, 0, "CODE");
  g_assert_cmpuint (station.changed, ==, 0);
  tw_receipts_free (receipts);
  g_free (station.asked);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/receipts/a-receipt-is-asked-for-once", a_receipt_is_asked_for_once);
  g_test_add_func ("/ui/receipts/what-cannot-be-had-or-read-is-said", what_cannot_be_had_or_read_is_said);
  g_test_add_func ("/ui/receipts/a-late-answer-for-a-forgotten-session-is-harmless",
                   a_late_answer_for_a_forgotten_session_is_harmless);
  return g_test_run ();
}
