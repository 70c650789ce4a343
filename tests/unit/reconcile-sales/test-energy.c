/* SPDX-License-Identifier: Apache-2.0 */
/* What meters say, from each of the three kinds of files: test-energy RECORDS KEYS XML, as records.py makes them. */
#include "app/base/error.h"
#include "payment/reconcile/readers/readers.h"

#include <glib/gstdio.h>
#include <string.h>

/* As one line of text: kind, line, session, evse, meter, Wh, begin and end in s, verdict, findings, pages. */
typedef struct { GPtrArray *rows; TwImport import; GError *error; } Told;

static const char *records_path, *keys_path, *xml_path;

static void
told_clear (Told *self)
{
  g_ptr_array_unref (self->rows);
  tw_import_clear (&self->import);
  g_clear_error (&self->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Told, told_clear)

static char *
number (gint64 value,
        gint64 unit)
{
  return value == TW_NOT_STATED ? g_strdup ("-") : g_strdup_printf ("%" G_GINT64_FORMAT, value / unit);
}

static gboolean
on_energy (gpointer         self,
           const TwEnergy  *row,
           GError         **error)
{
  static const char *const KINDS[] = { "controller", "signed", "cdr" };
  Told *told = self;
  g_autofree char *energy = number (row->energy_wh, 1), *begin = number (row->begin_us, G_USEC_PER_SEC);
  g_autofree char *end = number (row->end_us, G_USEC_PER_SEC);

  g_assert_cmpuint (row->origin.file, ==, 5);
  g_assert_true (row->kind != TW_METER_CONTROLLER || row->digest.n == 0);
  g_ptr_array_add (told->rows, g_strdup_printf ("%s %u s=%.*s e=%.*s m=%.*s %s %s %s %s%.*s [%.*s] %u-%u%s%.*s",
                                                KINDS[row->kind], (guint) row->origin.line,
                                                (int) row->session.n, row->session.text, (int) row->evse.n,
                                                row->evse.text, (int) row->meter.n, row->meter.text, energy, begin,
                                                end, row->good ? "good:" : "", (int) row->verdict.n,
                                                row->verdict.text, (int) row->findings.n, row->findings.text,
                                                (guint) row->first_page, (guint) row->page,
                                                row->kind == TW_METER_CDR && row->digest.n > 0 ? " of " : "",
                                                row->kind == TW_METER_CDR ? (int) row->digest.n : 0, row->digest.text));

  return TRUE;
}

static void
read_with (Told            *told,
           const char      *path,
           const TwProfile *profile)
{
  static const TwIntakeClass CLASS = { .energy = on_energy };
  const TwIntake intake = { &CLASS, told };
  gboolean well;

  told->rows = g_ptr_array_new_with_free_func (g_free);
  tw_import_init (&told->import);
  well = tw_read_energy (path, 5, profile, &intake, &told->import, &told->error);
  g_assert_true (well == (told->error == NULL));
}

/* A file of the test's own for as long as it is read. */
static void
read_text (Told            *told,
           const char      *text,
           const TwProfile *profile)
{
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("tapwatt-energy-XXXXXX", &path, NULL);

  g_assert_cmpint (fd, >=, 0);
  g_close (fd, NULL);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  read_with (told, path, profile);
  g_unlink (path);
}

static void
assert_rows (const Told        *told,
             const char *const *expected)
{
  g_assert_no_error (told->error);
  for (guint i = 0; i < told->rows->len && expected[i] != NULL; i++)
    g_assert_cmpstr (told->rows->pdata[i], ==, expected[i]);
  g_assert_cmpuint (told->rows->len, ==, g_strv_length ((char **) expected));
  g_assert_cmpuint (told->import.n_rows, ==, told->rows->len);
}

static void
assert_refused (const char *text,
                const char *part)
{
  g_auto (Told) told = { 0 };

  read_text (&told, text, &(TwProfile) { .time_zone = "Europe/Berlin" });
  g_assert_error (told.error, TW_ERROR, TW_ERROR_BAD_DATA);
  g_test_message ("%s", told.error->message);
  g_assert_nonnull (strstr (told.error->message, part));
}

/* 2026-03-01T13:00:04+0100 is 1772366404: date -d 2026-03-01T13:00:04+0100 +%s */
static void
test_signed_records_become_sales (void)
{
  static const char *const EXPECTED[] = {
    "signed 1 s=S1 e=DE*TWT*E1 m=BQ27400330016 9523 1772366404 1772370004 good:valid [] 0-10",
    "signed 3 s=S2 e=DE*TWT*E1 m=BQ27400330016 4877 1772370604 1772371204 good:valid [] 11-12",
    "signed 5 s=S3 e=DE*TWT*E1 m=BQ27400330016 - 1772371804 1772372104 invalid [] 0-13",
    "signed 7 s= e= m= - - - malformed [] 0-0",
    "signed 8 s=S4 e=DE*TWT*E2 m=OTHER-1 - 1772366404 1772368204 invalid [] 0-1",
    "signed 10 s= e= m=BQ27400330016 0 1772373004 1772373304 good:valid [] 0-14", NULL
  };
  g_auto (Told) told = { 0 };
  g_autofree char *notices = NULL;

  read_with (&told, records_path, &(TwProfile) { .registry = keys_path });
  assert_rows (&told, EXPECTED);
  g_assert_cmpstr (told.import.format, ==, "ocmf");
  g_ptr_array_add (told.import.notices, NULL);
  notices = g_strjoinv ("\n", (char **) told.import.notices->pdata);
  g_ptr_array_remove_index (told.import.notices, told.import.notices->len - 1);
  g_assert_nonnull (strstr (notices, "1 fiscal records"));
  g_assert_nonnull (strstr (notices, "1 records came more than once"));
  g_assert_nonnull (strstr (notices, "1 records are malformed; the first is in line 7: "));
  g_assert_null (strstr (notices, "cut off"));
  g_assert_nonnull (strstr (notices, "1 texts are no records; the first is in line 9"));
}

static gboolean
has_notice (const Told *told,
            const char *part)
{
  for (guint i = 0; i < told->import.notices->len; i++)
    if (strstr (told->import.notices->pdata[i], part) != NULL)
      return TRUE;

  return FALSE;
}

static void
test_a_file_that_ends_in_a_record_is_told (void)
{
  static const char *const EXPECTED[] = {
    "signed 1 s= e= m= - - - malformed [] 0-0", "signed 2 s= e= m= - - - malformed [] 0-0", NULL
  };
  g_auto (Told) cut = { 0 }, whole = { 0 };

  read_text (&cut, "OCMF|{}|{}\nOCMF|{\"FV\":\"1.0", &(TwProfile) { 0 });
  assert_rows (&cut, EXPECTED);
  g_assert_true (has_notice (&cut, "2 records are malformed; the first is in line 1: "));
  g_assert_true (has_notice (&cut, "the record in line 2 is cut off"));
  read_text (&whole, "OCMF|{}|{}\nOCMF|{\"FV\":\"1.0\n", &(TwProfile) { 0 });
  assert_rows (&whole, EXPECTED);
  g_assert_false (has_notice (&whole, "cut off"));
}

static void
test_keys_come_from_where_they_are_registered (void)
{
  g_auto (Told) bare = { 0 }, container = { 0 }, nowhere = { 0 };

  read_with (&bare, records_path, &(TwProfile) { 0 });
  g_assert_no_error (bare.error);
  g_assert_nonnull (strstr (bare.rows->pdata[0], " no_key "));
  read_with (&container, xml_path, &(TwProfile) { 0 });
  g_assert_no_error (container.error);
  g_assert_cmpuint (container.rows->len, ==, 1);
  g_assert_nonnull (strstr (container.rows->pdata[0], "s=S1 e=DE*TWT*E1 m=BQ27400330016 9523 "));
  g_assert_nonnull (strstr (container.rows->pdata[0], "good:valid"));
  read_with (&nowhere, xml_path, &(TwProfile) { .registry = "/nonexistent/keys" });
  g_assert_nonnull (nowhere.error);
  g_assert_nonnull (strstr (nowhere.error->message, "/nonexistent/keys"));
}

#define LOG "session;evse;begin;end;register_begin_wh;register_end_wh;energy_wh\n"

static void
test_a_meters_log_is_read (void)
{
  static const char *const EXPECTED[] = {
    "controller 2 s=S1 e=E1 m= 9523 1772366404 1772370004  [] 0-0",
    "controller 3 s= e=E1 m= 0 1772366404 1772366404  [] 0-0",
    "controller 4 s=S3 e= m= 77 1772366404 1772370004  [] 0-0", NULL
  };
  g_auto (Told) told = { 0 };

  read_text (&told, LOG "S1;E1;2026-03-01T12:00:04Z;2026-03-01 14:00:04;100;9623;\n"
             ";E1;2026-03-01T12:00:04Z;2026-03-01T13:00:04+01:00;5;5;0\n"
             "S3;;2026-03-01T12:00:04Z;2026-03-01T13:00:04Z;;;77\n", &(TwProfile) { .time_zone = "Europe/Berlin" });
  assert_rows (&told, EXPECTED);
  g_assert_cmpstr (told.import.format, ==, "meter-csv");
}

static void
test_a_log_that_contradicts_itself_is_refused (void)
{
  static const struct { const char *row, *part; } BAD[] = {
    { ";;2026-03-01T12:00:04Z;2026-03-01T12:00:05Z;1;2;", "line 2: neither a session nor an EVSE" },
    { "S;;yesterday;2026-03-01T12:00:05Z;1;2;", "line 2, column \"begin\": \"yesterday\": expected a time" },
    { "S;;2026-03-01T12:00:06Z;2026-03-01T12:00:05Z;1;2;", "ends before it begins" },
    { "S;;2026-03-01T12:00:04Z;2026-03-01T12:00:05Z;2;1;", "the register ran back" },
    { "S;;2026-03-01T12:00:04Z;2026-03-01T12:00:05Z;2;;", "one register without the other" },
    { "S;;2026-03-01T12:00:04Z;2026-03-01T12:00:05Z;;;", "neither two registers nor an energy" },
    { "S;;2026-03-01T12:00:04Z;2026-03-01T12:00:05Z;;;-1", "below zero" },
    { "S;;2026-03-01T12:00:04Z;2026-03-01T12:00:05Z;1;2;3", "3 Wh, but the registers differ by 1" },
    { "S;;2026-03-01T12:00:04Z;2026-03-01T12:00:05Z;1.5;2;", "column \"register_begin_wh\"" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (BAD); i++)
    {
      g_autofree char *text = g_strconcat (LOG, BAD[i].row, "\n", NULL);

      assert_refused (text, BAD[i].part);
    }
}

#define CDR(id, session, energy, more) \
  "{\"country_code\":\"DE\",\"party_id\":\"TWT\",\"id\":\"" id "\",\"session_id\":\"" session "\"," \
  "\"start_date_time\":\"2026-03-01T12:00:04Z\",\"end_date_time\":\"2026-03-01T13:00:04\"," \
  "\"cdr_location\":{\"evse_id\":\"DE*TWT*E1\"},\"total_energy\":" energy more "}"

/* facts: settlement-files.md section 6: a sale, its credit and a new CDR are one chain. */
static void
test_cdrs_are_netted (void)
{
  static const char *const EXPECTED[] = {
    "cdr 1 s=S1 e=DE*TWT*E1 m= 5000 1772366404 1772370004  [] 0-0",
    "cdr 4 s=A2 e=DE*TWT*E1 m=M9 9523 1772366404 1772370004  [] 0-0", NULL
  };
  g_auto (Told) told = { 0 }, one = { 0 };

  read_text (&told, "[" CDR ("1", "S1", "10.000", "") ",\n" CDR ("2", "S1", "10.000", ",\"credit\":true") ",\n"
             CDR ("3", "S1", "5", "") ",\n"
             CDR ("4", "S2", "9.523", ",\"authorization_reference\":\" A2 \",\"meter_id\":\"M9\","
                              "\"remark\":\"} ] \\\" {\"") ",\n"
             CDR ("5", "S3", "1.0", ",\"credit\":true") "\n]\n", &(TwProfile) { 0 });
  assert_rows (&told, EXPECTED);
  g_assert_cmpuint (told.import.notices->len, ==, 1);
  g_assert_nonnull (strstr (told.import.notices->pdata[0], "1 sessions with credits of CDRs"));

  read_text (&one, CDR ("4", "S2", "1e1", ""), &(TwProfile) { .format = "cdr" });
  g_assert_no_error (one.error);
  g_assert_nonnull (strstr (one.rows->pdata[0], "s=S2 e=DE*TWT*E1 m= 10000 "));
}

#define RECORD "OCMF|{\"FV\":\"1.0\",\"PG\":\"T12\",\"MS\":\"M1\",\"RD\":[{\"TM\":\"2026-03-01T12:00:04,000+0000 S\"," \
  "\"TX\":\"B\",\"RV\":1.0,\"RI\":\"1-b:1.8.0\",\"RU\":\"kWh\",\"ST\":\"G\"}]}|{\"SD\":\"30\"}"
#define SIGNED(value) ",\"signed_data\":{\"encoding_method\":\"OCMF\",\"signed_values\":[{\"nature\":\"Start\"," \
  "\"signed_data\":\"x\"},{\"nature\":\"End\",\"signed_data\":\"" value "\"}]}"

/* What it carries, in base64, is known by the SHA-256 of what is signed
 * (sha256sum(1)); who pays by contract is told. */
static void
test_cdrs_carry_records (void)
{
  static const char *const EXPECTED[] = {
    "cdr 1 s=S1 e=DE*TWT*E1 m= 1000 1772366404 1772370004  [] 0-0 of "
    "d62fe081d1b4354ed67e9f26989b1f0a526af206156af08d195619aa4184675c",
    "cdr 1 s=S2 e=DE*TWT*E1 m= 1000 1772366404 1772370004  [] 0-0",
    "cdr 1 s=S3 e=DE*TWT*E1 m= 1000 1772366404 1772370004 contract [] 0-0",
    "cdr 1 s=S4 e=DE*TWT*E1 m= 1000 1772366404 1772370004  [] 0-0", NULL
  };
  g_autofree char *base64 = g_base64_encode ((const guchar *) RECORD, strlen (RECORD));
  g_autofree char *text = g_strdup_printf ("[" CDR ("1", "S1", "1", SIGNED ("%s")) "," CDR ("2", "S2", "1", "%s") ","
                                           CDR ("3", "S3", "1", ",\"cdr_token\":{\"type\":\"RFID\"}") ","
                                           CDR ("4", "S4", "1", ",\"cdr_token\":{\"type\":\"AD_HOC_USER\"}") "]",
                                           base64, SIGNED ("OCMF|{|}"));
  g_auto (Told) told = { 0 };

  read_text (&told, text, &(TwProfile) { 0 });
  assert_rows (&told, EXPECTED);
}

static void
test_what_is_no_cdr_is_refused (void)
{
  assert_refused ("[" CDR ("1", "S1", "1.0", "") ",]", "line 1: expected a CDR after the comma");
  assert_refused ("[" CDR ("1", "S1", "1.0", "") "\n" CDR ("2", "S1", "1.0", "") "]", "line 2: expected , or ]");
  assert_refused ("[" CDR ("1", "S1", "1.0", ""), "expected , or ]");
  assert_refused (CDR ("1", "S1", "1.0", "") "x", "expected nothing after");
  assert_refused ("[1]", "an object from { to }");
  assert_refused ("[\n{\"id\":\"1\"}]", "CDR at line 2: ");
  assert_refused (CDR ("1", "S1", "-1.0", ""), "below zero");
  assert_refused (CDR ("1", "S1", "\"1.0\"", ""), "total_energy");
  assert_refused ("[" CDR ("1", "S1", "9e15", "") "," CDR ("2", "S1", "9e15", "") "]", "too large");
}

static void
test_another_file_is_named (void)
{
  g_auto (Told) told = { 0 };

  assert_refused ("Company Account,Psp Reference\nA,B\n", "an Adyen settlement details report, not signed "
                  "meter records");
  assert_refused ("session,settlement_ref,energy_wh\n", "not signed meter records");
  assert_refused ("", "not signed meter records");
  read_text (&told, LOG, &(TwProfile) { .format = "ocmf" });
  g_assert_error (told.error, TW_ERROR, TW_ERROR_BAD_DATA);
  g_assert_nonnull (strstr (told.error->message, ", not ocmf"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 4);
  records_path = argv[1];
  keys_path = argv[2];
  xml_path = argv[3];
  g_test_add_func ("/energy/signed-records-become-sales", test_signed_records_become_sales);
  g_test_add_func ("/energy/a-file-that-ends-in-a-record-is-told", test_a_file_that_ends_in_a_record_is_told);
  g_test_add_func ("/energy/keys-come-from-where-they-are-registered", test_keys_come_from_where_they_are_registered);
  g_test_add_func ("/energy/a-meters-log-is-read", test_a_meters_log_is_read);
  g_test_add_func ("/energy/a-log-that-contradicts-itself-is-refused", test_a_log_that_contradicts_itself_is_refused);
  g_test_add_func ("/energy/cdrs-are-netted", test_cdrs_are_netted);
  g_test_add_func ("/energy/cdrs-carry-records", test_cdrs_carry_records);
  g_test_add_func ("/energy/what-is-no-cdr-is-refused", test_what_is_no_cdr_is_refused);
  g_test_add_func ("/energy/another-file-is-named", test_another_file_is_named);

  return g_test_run ();
}
