/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/reconcile/report/verdict.h"

/* plural: of the name, for the verb. */
static const struct { const char *role, *name, *file; gboolean plural; } WITNESSES[TW_N_ASKED] = {
  [TW_ASKED_JOURNAL] = { "journal", "the journals", "no journal", TRUE },
  [TW_ASKED_METER]   = { "meter", "the meters", "no meter file", TRUE },
  [TW_ASKED_PSP]     = { "psp", "the payment service", "no settlement file", FALSE },
  [TW_ASKED_BANK]    = { "bank", "the bank", "no bank file", FALSE },
};

const char *
tw_asked_role (TwAsked witness)
{
  return WITNESSES[witness].role;
}

gboolean
tw_report_asked (const TwReportHead *head,
                 TwAsked             witness)
{
  for (guint i = 0; i < head->n_files; i++)
    if (g_str_equal (head->files[i].role, WITNESSES[witness].role))
      return TRUE;

  return FALSE;
}

/* "a, b and c" */
static char *
list_of (const char *const *names,
         guint              n)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "%s%s", i == 0 ? "" : i == n - 1 ? " and " : ", ", names[i]);

  return g_string_free (text, FALSE);
}

/* Money goes from the journal over the payment service to the bank; meters are only asked by who has them. */
static char *
how_far (const TwReportHead *head,
         gboolean            resolved)
{
  const char *asked[TW_N_ASKED], *missing[TW_N_ASKED];
  guint n_asked = 0, n_missing = 0;
  gboolean plural = FALSE;
  g_autofree char *who = NULL, *who_not = NULL;

  for (TwAsked i = 0; i < TW_N_ASKED; i++)
    if (tw_report_asked (head, i))
      {
        asked[n_asked++] = WITNESSES[i].name;
        plural = n_asked > 1 || WITNESSES[i].plural;
      }
    else if (i != TW_ASKED_METER)
      missing[n_missing++] = WITNESSES[i].file;

  if (n_missing == 0)
    return g_strdup (resolved ? "Closed" : "Closed to the cent");
  if (n_asked == 0)
    return g_strdup ("Nothing to close: no file was given");
  who = list_of (asked, n_asked);
  who_not = list_of (missing, n_missing);

  return g_strdup_printf ("Closed as far as %s %s; %s was given", who, plural ? "go" : "goes", who_not);
}

/* All stakes of the currency, once: whether to lose or to give back, money is apart. */
static void
append_resolved (GString      *text,
                 const GArray *sums,
                 const char   *currency)
{
  gint64 minor = 0;
  g_autofree char *money = NULL;

  for (guint i = 0; i < sums->len; i++)
    {
      const TwClassSum *sum = &g_array_index (sums, TwClassSum, i);

      if (sum->resolved && g_str_equal (sum->currency, currency))
        minor += sum->lose_minor + sum->owe_minor;
    }
  money = tw_report_money (minor, currency);
  if (minor != 0)
    g_string_append_printf (text, ", %s", money);
}

char *
tw_report_resolved (const GArray *sums)
{
  g_autoptr (GPtrArray) currencies = g_ptr_array_new ();
  GString *text;
  guint64 n = 0;

  for (guint i = 0; i < sums->len; i++)
    {
      TwClassSum *sum = &g_array_index (sums, TwClassSum, i);

      n += sum->resolved ? sum->n : 0;
      if (sum->resolved && !g_ptr_array_find_with_equal_func (currencies, sum->currency, g_str_equal, NULL))
        g_ptr_array_add (currencies, sum->currency);
    }
  if (n == 0)
    return NULL;
  text = g_string_new (NULL);
  g_string_printf (text, "%" G_GUINT64_FORMAT " finding%s resolved by hand", n, n == 1 ? "" : "s");
  for (guint i = 0; i < currencies->len; i++)
    append_resolved (text, sums, currencies->pdata[i]);

  return g_string_free (text, FALSE);
}

char *
tw_report_verdict (const TwReportHead *head,
                   guint64             n_listed,
                   const GArray       *sums)
{
  g_autofree char *resolved = tw_report_resolved (sums);
  g_autofree char *closed = how_far (head, resolved != NULL);
  guint64 n_rows = 0;

  for (guint i = 0; i < head->n_files; i++)
    n_rows += head->files[i].import.n_rows;
  if (n_listed > 0)
    return g_strdup_printf ("Not closed: %" G_GUINT64_FORMAT " exception%s%s%s.", n_listed, n_listed == 1 ? "" : "s",
                            resolved != NULL ? "; " : "", resolved != NULL ? resolved : "");
  if (head->n_files > 0 && n_rows == 0)
    return g_strdup ("Nothing to close: no file has a row.");

  return g_strconcat (closed, resolved != NULL ? "; " : "", resolved != NULL ? resolved : "", ".", NULL);
}
