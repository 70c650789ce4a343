/* SPDX-License-Identifier: Apache-2.0 */
#include "app/base/error.h"
#include "app/base/json.h"

#include <string.h>

static TwJson *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  TwJson *root = tw_json_parse (text, strlen (text), &TW_JSON_SMALL, &error);

  g_assert_no_error (error);
  return root;
}

static void
assert_refused (const char         *text,
                gsize               len,
                const TwJsonLimits *limits,
                const char         *message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TwJson) root = tw_json_parse (text, len, limits, &error);

  if (root != NULL)
    g_test_fail_printf ("taken: %.60s", text);
  else if (!g_error_matches (error, TW_ERROR, TW_ERROR_BAD_DATA) || !g_str_equal (error->message, message))
    g_test_fail_printf ("%.60s: \"%s\", not \"%s\"", text, error->message, message);
}

static const char document[] =
  "{ \"name\": \"gr\\u00fc\\u00df\\n\\ud83d\\ude00\",\n"
  "  \"n\": 0.10, \"big\": 123456789012345678901234567890.5e-7,\n"
  "  \"yes\": true, \"no\": false, \"nil\": null,\n"
  "  \"list\": [ 1, [ 2 ], { \"deep\": [ {} , -7 ] } ], \"a b\": 3, \"\": 4 }";

static void
test_tree (void)
{
  g_autoptr (TwJson) root = parse (document);
  const TwJson *list = tw_json_member (root, "list");

  g_assert_cmpint (tw_json_type (root), ==, TW_JSON_OBJECT);
  g_assert_cmpuint (tw_json_length (root), ==, 9);
  g_assert_cmpstr (tw_json_string (tw_json_member (root, "name")), ==, "grüß\n😀");
  g_assert_true (tw_json_is_true (tw_json_member (root, "yes")));
  g_assert_false (tw_json_is_true (tw_json_member (root, "no")));
  g_assert_cmpint (tw_json_type (tw_json_member (root, "no")), ==, TW_JSON_BOOL);
  g_assert_nonnull (tw_json_member (root, "nil"));
  g_assert_cmpint (tw_json_type (tw_json_member (root, "nil")), ==, TW_JSON_NULL);
  g_assert_null (tw_json_member (root, "absent"));
  g_assert_cmpuint (tw_json_length (list), ==, 3);
  g_assert_cmpstr (tw_json_number_text (tw_json_element (list, 0)), ==, "1");
  g_assert_null (tw_json_element (list, 3));
  g_assert_null (tw_json_member_name (list, 0));
  g_assert_cmpstr (tw_json_member_name (root, 8), ==, "");
  g_assert_cmpstr (tw_json_number_text (tw_json_member (root, "")), ==, "4");
}

static void
test_numbers_keep_their_text (void)
{
  g_autoptr (TwJson) root = parse (document);

  g_assert_cmpstr (tw_json_number_text (tw_json_member (root, "n")), ==, "0.10");
  g_assert_cmpstr (tw_json_number_text (tw_json_member (root, "big")), ==, "123456789012345678901234567890.5e-7");
}

static void
test_scalar_roots (void)
{
  g_autoptr (TwJson) number = parse ("-12.50");
  g_autoptr (TwJson) string = parse (" \"x\" ");
  g_autoptr (TwJson) truth = parse ("true");

  g_assert_cmpstr (tw_json_number_text (number), ==, "-12.50");
  g_assert_cmpstr (tw_json_string (string), ==, "x");
  g_assert_true (tw_json_is_true (truth));
}

static void
test_nothing_is_safe (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (tw_json_type (NULL), ==, TW_JSON_NULL);
  g_assert_null (tw_json_member (NULL, "x"));
  g_assert_cmpuint (tw_json_length (NULL), ==, 0);
  g_assert_null (tw_json_element (NULL, 0));
  g_assert_null (tw_json_string (NULL));
  g_assert_null (tw_json_number_text (NULL));
  g_assert_false (tw_json_is_true (NULL));
  g_assert_null (tw_json_get_string (NULL, "x", &error));
  g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
  g_assert_cmpstr (error->message, ==, "$: expected an object, found nothing");
  tw_json_free (NULL);
  tw_json_out_free (NULL);
}

static void
test_paths (void)
{
  g_autoptr (TwJson) root = parse (document);
  const TwJson *deep = tw_json_member (tw_json_element (tw_json_member (root, "list"), 2), "deep");
  g_autofree char *a = tw_json_path (root);
  g_autofree char *b = tw_json_path (tw_json_element (deep, 1));
  g_autofree char *c = tw_json_path (tw_json_member (root, "a b"));
  g_autofree char *d = tw_json_path (tw_json_member (root, ""));

  g_assert_cmpstr (a, ==, "$");
  g_assert_cmpstr (b, ==, "$.list[2].deep[1]");
  g_assert_cmpstr (c, ==, "$[\"a b\"]");
  g_assert_cmpstr (d, ==, "$[\"\"]");
}

static void
test_bad_text (void)
{
  static const char *const rows[][2] = {
    /* ours */
    { "{\"a\":1,\n \"b\":{\"c\":1,\"c\":2}}", "line 2, column 13, $.b.c: the same name a second time in one object" },
    { "{\"a\":1,\"\\u0061\":2}", "line 1, column 8, $.a: the same name a second time in one object" },
    { "[\"ok\", \"\\u0000\"]", "line 1, column 9, $[1]: a NUL character in a string" },
    { "{\"x\\u0000y\":1}", "line 1, column 4, $: a NUL character in a string" },
    { "[\"\\ud800\"]", "line 1, column 3, $[0]: half of a surrogate pair in a string" },
    { "[\"é\\udc00\"]", "line 1, column 4, $[0]: half of a surrogate pair in a string" },
    { "[\"\\ud800\\u0041\"]", "line 1, column 3, $[0]: half of a surrogate pair in a string" },
    { "[\"\\ud83d\\ud83d\\ude00\"]", "line 1, column 3, $[0]: half of a surrogate pair in a string" },
    { "[\"\\\\\\udead\"]", "line 1, column 5, $[0]: half of a surrogate pair in a string" },
    { "{\"\\ud800\":1}", "line 1, column 3, $: half of a surrogate pair in a string" },
    { "\"\xff\"", "line 1, column 2, $: not UTF-8" },
    { "\n\"é\xc0\x80\"", "line 2, column 3, $: not UTF-8" },
    { "\"\xed\xa0\x80\"", "line 1, column 2, $: not UTF-8" },
    { "\"\xf4\x90\x80\x80\"", "line 1, column 2, $: not UTF-8" },
    /* yajl's */
    { "", "line 1, column 1, $: parse error: premature EOF" },
    { "  ", "line 1, column 3, $: parse error: premature EOF" },
    { "[\"abc", "line 1, column 6, $[0]: parse error: premature EOF" },
    { "[1,]", "line 1, column 4, $[1]: parse error: unallowed token at this point in JSON text" },
    { "{\"a\" 1}", "line 1, column 6, $.a: parse error: object key and value must be separated by a colon (':')" },
    { "{\"a\":1,}", "line 1, column 8, $: parse error: invalid object key (must be a string)" },
    { "{1:2}", "line 1, column 2, $: parse error: invalid object key (must be a string)" },
    { "[1] 2", "line 1, column 6, $: parse error: trailing garbage" },
    { "[1]]", "line 1, column 4, $: parse error: trailing garbage" },
    { "{\"a\":1}x", "line 1, column 8, $: parse error: trailing garbage" },
    { "01", "line 1, column 3, $: parse error: trailing garbage" },
    { "12 13", "line 1, column 6, $: parse error: trailing garbage" },
    { "[+1]", "line 1, column 2, $[0]: lexical error: invalid char in json text." },
    { "[.5]", "line 1, column 2, $[0]: lexical error: invalid char in json text." },
    { "NaN", "line 1, column 1, $: lexical error: invalid char in json text." },
    { "'a'", "line 1, column 1, $: lexical error: invalid char in json text." },
    { "\xef\xbb\xbf[]", "line 1, column 1, $: lexical error: invalid char in json text." },
    { "[1.]", "line 1, column 3, $[0]: lexical error: malformed number, "
              "a digit is required after the decimal point." },
    { "[1e]", "line 1, column 3, $[0]: lexical error: malformed number, a digit is required after the exponent." },
    { "-", "line 1, column 2, $: lexical error: malformed number, a digit is required after the minus sign." },
    { "nul", "line 1, column 4, $: lexical error: invalid string in json text." },
    { "{\"a\":{\"b\":[1,tru]}}", "line 1, column 16, $.a.b[1]: lexical error: invalid string in json text." },
    { "[\"a\nb\"]", "line 1, column 3, $[0]: lexical error: invalid character inside string." },
    { "[\"\\x\"]", "line 1, column 3, $[0]: lexical error: "
                  "inside a string, '\\' occurs before a character which it may not." },
    { "[\"\\u12g4\"]", "line 1, column 6, $[0]: lexical error: "
                      "invalid (non-hex) character occurs after '\\u' inside string." },
    { "[1 /* c */]", "line 1, column 3, $[1]: lexical error: "
                     "probable comment found in input text, comments are not enabled." },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    assert_refused (rows[i][0], strlen (rows[i][0]), &TW_JSON_SMALL, rows[i][1]);
}

static char *
nested (guint depth)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < depth; i++)
    g_string_append (text, i % 2 ? "{\"a\":" : "[");
  for (guint i = depth; i > 0; i--)
    g_string_append (text, (i - 1) % 2 ? (i == depth ? "1}" : "}") : "]");

  return g_string_free (text, FALSE);
}

static void
test_depth (void)
{
  static const TwJsonLimits limits = { 1024, 4, 100 };
  g_autofree char *deepest = nested (4);
  g_autofree char *deeper = nested (5);
  g_autofree char *brackets = g_strnfill (300000, '[');
  g_autoptr (GError) error = NULL;
  g_autoptr (TwJson) root = tw_json_parse (deepest, strlen (deepest), &limits, &error);

  g_assert_no_error (error);
  g_assert_nonnull (root);
  assert_refused (deeper, strlen (deeper), &limits, "line 1, column 13, $[0].a[0].a: nested deeper than 4");
  assert_refused (brackets, 300000, &TW_JSON_SMALL,
                  "line 1, column 1, $: 300000 bytes; at most 16384 are accepted");
  assert_refused (brackets, 300000, &TW_JSON_LARGE,
                  "line 1, column 33, $[0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0]"
                  "[0][0][0][0][0][0][0][0]: nested deeper than 32");
}

static void
test_count (void)
{
  static const TwJsonLimits limits = { 1024, 4, 4 };
  g_autoptr (GError) error = NULL;
  g_autoptr (TwJson) root = tw_json_parse ("[1,2,3]", 7, &limits, &error);

  g_assert_no_error (error);
  g_assert_nonnull (root);
  assert_refused ("[1,2,3,4]", 9, &limits, "line 1, column 8, $[3]: more than 4 values");
  assert_refused ("[1,2,3,[]]", 10, &limits, "line 1, column 8, $[3]: more than 4 values");
}

static void
test_size (void)
{
  static const TwJsonLimits limits = { 7, 4, 4 };
  g_autoptr (TwJson) root = tw_json_parse ("[1,2,3]", 7, &limits, NULL);

  g_assert_nonnull (root);
  assert_refused ("[1,2,3] ", 8, &limits, "line 1, column 1, $: 8 bytes; at most 7 are accepted");
}

static void
test_nothing (void)
{
  assert_refused (NULL, 0, &TW_JSON_SMALL, "line 1, column 1, $: parse error: premature EOF");
}

static void
test_nul_byte (void)
{
  assert_refused ("[1]\0", 4, &TW_JSON_SMALL, "line 1, column 4, $: a NUL byte");
  assert_refused ("\"a\0b\"", 5, &TW_JSON_SMALL, "line 1, column 3, $: a NUL byte");
}

/* More than a linear search is used for. */
static void
test_many_members (void)
{
  g_autoptr (GString) text = g_string_new ("{");
  g_autoptr (TwJson) root = NULL;

  for (guint i = 0; i < 500; i++)
    g_string_append_printf (text, "\"m%u\":%u,", i, i * 3);
  text->str[text->len - 1] = '}';
  root = parse (text->str);

  for (guint i = 0; i < 500; i++)
    {
      g_autofree char *name = g_strdup_printf ("m%u", i);
      gint64 value;

      g_assert_true (tw_json_get_int64 (root, name, &value, NULL));
      g_assert_cmpint (value, ==, i * 3);
    }
  g_assert_null (tw_json_member (root, "m500"));

  g_string_truncate (text, text->len - 1);
  g_string_append (text, ",\n\"m499\":0}");
  assert_refused (text->str, text->len, &TW_JSON_SMALL,
                  "line 2, column 1, $.m499: the same name a second time in one object");
}

static void
test_hostile_names (void)
{
  g_autofree char *name = g_strnfill (200, 'x');
  g_autofree char *text = g_strdup_printf ("{\"%s\":0,\"a\\u001b\\n\":1}", name);
  g_autofree char *shown = NULL;
  g_autoptr (TwJson) root = parse (text);
  g_autofree char *longest = tw_json_path (tw_json_element (root, 0));
  g_autofree char *nasty = tw_json_path (tw_json_element (root, 1));

  name[61] = '\0';
  shown = g_strdup_printf ("$[\"%s...\"]", name);
  g_assert_cmpstr (longest, ==, shown);
  g_assert_cmpstr (nasty, ==, "$[\"a\\033\\n\"]");
}

static void
test_required (void)
{
  static const struct { const char *name; TwJsonType type; const char *message; } rows[] = {
    { "s", TW_JSON_NUMBER, "line 2, column 7, $.s: expected a number, found a string" },
    { "n", TW_JSON_OBJECT, "line 2, column 17, $.n: expected an object, found a number" },
    { "nil", TW_JSON_STRING, "line 2, column 27, $.nil: expected a string, found null" },
    { "none", TW_JSON_BOOL, "line 1, column 1, $: the member \"none\" is missing: expected true or false" },
  };
  g_autoptr (TwJson) root = parse ("{\n \"s\": \"x\", \"n\": 7, \"nil\": null }");

  g_assert_cmpstr (tw_json_get_string (root, "s", NULL), ==, "x");
  g_assert_true (tw_json_get (root, "n", TW_JSON_NUMBER, NULL) == tw_json_member (root, "n"));
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (tw_json_get (root, rows[i].name, rows[i].type, &error));
      g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
      g_assert_cmpstr (error->message, ==, rows[i].message);
    }
}

static void
test_int64 (void)
{
  static const struct { const char *text; gint64 value; } good[] = {
    { "0", 0 }, { "-0", 0 }, { "-17", -17 },
    { "9223372036854775807", G_MAXINT64 }, { "-9223372036854775808", G_MININT64 },
  };
  static const char *const bad[] = { "1.0", "1e2", "9223372036854775808", "-9223372036854775809", "0.5",
                                     "1E0", "99999999999999999999999999" };

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"v\":%s}", good[i].text);
      g_autoptr (TwJson) root = parse (text);
      gint64 value = 99;

      g_assert_true (tw_json_get_int64 (root, "v", &value, NULL));
      g_assert_cmpint (value, ==, good[i].value);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"v\":%s}", bad[i]);
      g_autofree char *message = NULL;
      g_autoptr (TwJson) root = parse (text);
      g_autoptr (GError) error = NULL;
      gint64 value;

      g_assert_false (tw_json_get_int64 (root, "v", &value, &error));
      message = g_strdup_printf ("line 1, column 6, $.v: expected a whole number of 64 bits without exponent, "
                                 "found %s", bad[i]);
      g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
      g_assert_cmpstr (error->message, ==, message);
    }
}

static void
test_only (void)
{
  static const char *const names[] = { "a", "b", NULL };
  g_autoptr (TwJson) good = parse ("{\"b\":1}");
  g_autoptr (TwJson) bad = parse ("{\"a\":1, \"c\":1}");
  g_autoptr (GError) error = NULL;

  g_assert_true (tw_json_only (good, names, &error));
  g_assert_no_error (error);
  g_assert_false (tw_json_only (bad, names, &error));
  g_assert_error (error, TW_ERROR, TW_ERROR_BAD_DATA);
  g_assert_cmpstr (error->message, ==, "line 1, column 13, $.c: not known here; known are a, b");
}

static void
assert_written (TwJsonOut  *out,
                const char *expected)
{
  g_autoptr (GBytes) bytes = tw_json_out_finish (out);

  g_assert_cmpuint (g_bytes_get_size (bytes), ==, strlen (expected));
  g_assert_cmpstr (g_bytes_get_data (bytes, NULL), ==, expected);
}

static void
test_out (void)
{
  g_autoptr (TwJsonOut) out = tw_json_out_new ();

  tw_json_out_begin_object (out, NULL);
  tw_json_out_string (out, "s", "q\"b\\n\n\x01/\x7f gr\xc3\xbc\xc3\x9f");
  tw_json_out_string (out, "none", NULL);
  tw_json_out_int64 (out, "least", G_MININT64);
  tw_json_out_begin_array (out, "list");
  tw_json_out_number (out, NULL, "0.10");
  tw_json_out_bool (out, NULL, TRUE);
  tw_json_out_begin_object (out, NULL);
  tw_json_out_end (out);
  tw_json_out_end (out);
  tw_json_out_bool (out, "b", FALSE);
  tw_json_out_begin_array (out, "left");
  tw_json_out_begin_object (out, NULL);

  assert_written (out, "{\"s\":\"q\\\"b\\\\n\\n\\u0001/\x7f gr\xc3\xbc\xc3\x9f\",\"none\":null,"
                       "\"least\":-9223372036854775808,\"list\":[0.10,true,{}],\"b\":false,\"left\":[{}]}");
}

static void
test_out_scalar (void)
{
  g_autoptr (TwJsonOut) out = tw_json_out_new ();
  g_autoptr (TwJsonOut) foreign = tw_json_out_new ();

  tw_json_out_string (out, NULL, "x");
  assert_written (out, "\"x\"");
  tw_json_out_string (foreign, NULL, "a\xff");
  assert_written (foreign, "\"a\xef\xbf\xbd\"");
}

static void
test_round_trip (void)
{
  static const char text[] = "{\"a\":[1.50,-2e+9,\"\\\"\",null,true,false,[],{}],\"b\":{\"c\":{\"d\":\"\\u0000x\"}}}";
  static const char kept[] = "{\"a\":[1.50,-2e+9,\"\\\"\",null,true,false,[],{}],\"b\":{\"c\":{\"d\":\"x\"}}}";
  g_autoptr (TwJson) root = parse (kept);
  g_autoptr (TwJsonOut) out = tw_json_out_new ();
  g_autoptr (TwJsonOut) wrapped = tw_json_out_new ();

  assert_refused (text, strlen (text), &TW_JSON_SMALL, "line 1, column 61, $.b.c.d: a NUL character in a string");
  tw_json_out_copy (out, NULL, root);
  assert_written (out, kept);

  tw_json_out_begin_array (wrapped, NULL);
  tw_json_out_copy (wrapped, NULL, tw_json_member (root, "a"));
  assert_written (wrapped, "[[1.50,-2e+9,\"\\\"\",null,true,false,[],{}]]");
}

static void
test_not_a_number (void)
{
  static const char *const texts[] = { "", "-", "1.", ".5", "01", "+1", "1e", "1e+", "0x1", "1 ", "NaN", "1,2" };

  if (g_test_subprocess ())
    {
      g_autoptr (TwJsonOut) out = tw_json_out_new ();

      tw_json_out_number (out, NULL, g_getenv ("TAPWATT_TEST_NUMBER"));
      return;
    }

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_setenv ("TAPWATT_TEST_NUMBER", texts[i], TRUE);
      g_test_trap_subprocess (NULL, 0, 0);
      g_test_trap_assert_failed ();
      g_test_trap_assert_stderr ("*is_number (text)*");
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/base/json/a-document-becomes-a-tree", test_tree);
  g_test_add_func ("/base/json/numbers-keep-their-text", test_numbers_keep_their_text);
  g_test_add_func ("/base/json/a-root-may-be-a-scalar", test_scalar_roots);
  g_test_add_func ("/base/json/what-is-not-there-may-be-asked", test_nothing_is_safe);
  g_test_add_func ("/base/json/paths-lead-to-the-value", test_paths);
  g_test_add_func ("/base/json/bad-text-is-refused-with-its-place", test_bad_text);
  g_test_add_func ("/base/json/depth-is-limited", test_depth);
  g_test_add_func ("/base/json/the-number-of-values-is-limited", test_count);
  g_test_add_func ("/base/json/size-is-limited", test_size);
  g_test_add_func ("/base/json/nothing-is-refused", test_nothing);
  g_test_add_func ("/base/json/nul-bytes-are-refused", test_nul_byte);
  g_test_add_func ("/base/json/an-object-may-have-many-members", test_many_members);
  g_test_add_func ("/base/json/hostile-names-stay-harmless-in-paths", test_hostile_names);
  g_test_add_func ("/base/json/required-members-say-what-is-wrong", test_required);
  g_test_add_func ("/base/json/whole-numbers-are-exact", test_int64);
  g_test_add_func ("/base/json/unknown-members-are-named", test_only);
  g_test_add_func ("/base/json/out-writes-in-order", test_out);
  g_test_add_func ("/base/json/out-writes-scalars-and-mends-utf8", test_out_scalar);
  g_test_add_func ("/base/json/out-copies-what-was-parsed", test_round_trip);
  g_test_add_func ("/base/json/out-refuses-what-is-not-a-number", test_not_a_number);

  return g_test_run ();
}
