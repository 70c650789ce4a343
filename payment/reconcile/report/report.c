/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/reconcile/report/outlet.h"

#include "app/base/error.h"
#include "payment/money/money.h"

#include <errno.h>

#define RATE_UNIT G_GINT64_CONSTANT (10000000000)

static gboolean
on_totals (gpointer                 self,
           const TwCurrencyTotals  *totals,
           GError                 **error)
{
  const TwReport *report = self;

  for (guint i = 0; i < report->n_outlets; i++)
    if (report->outlets[i]->class_->totals != NULL
        && !report->outlets[i]->class_->totals (report->outlets[i], totals, error))
      return FALSE;

  return TRUE;
}

static gboolean
on_payout (gpointer         self,
           const TwPayout  *payout,
           GError         **error)
{
  const TwReport *report = self;

  for (guint i = 0; i < report->n_outlets; i++)
    if (report->outlets[i]->class_->payout != NULL
        && !report->outlets[i]->class_->payout (report->outlets[i], payout, error))
      return FALSE;

  return TRUE;
}

static gboolean
on_matched (gpointer          self,
            const TwMatched  *matched,
            GError          **error)
{
  const TwReport *report = self;

  for (guint i = 0; i < report->n_outlets; i++)
    if (report->outlets[i]->class_->matched != NULL
        && !report->outlets[i]->class_->matched (report->outlets[i], matched, error))
      return FALSE;

  return TRUE;
}

static gboolean
on_exception (gpointer            self,
              const TwException  *exception,
              GError            **error)
{
  TwReport *report = self;

  if (exception->severity >= TW_SEVERITY_LISTED)
    report->count.n_exceptions++;
  else
    report->count.n_info++;
  for (guint i = 0; i < report->n_outlets; i++)
    if (!report->outlets[i]->class_->exception (report->outlets[i], exception, error))
      return FALSE;

  return TRUE;
}

static gboolean
on_progress (gpointer    self,
             const char *stage,
             guint64     done,
             guint64     of)
{
  const TwReport *report = self;

  for (guint i = 0; i < report->n_outlets; i++)
    if (report->outlets[i]->class_->progress != NULL
        && !report->outlets[i]->class_->progress (report->outlets[i], stage, done, of))
      return FALSE;

  return TRUE;
}

const TwResultClass TW_REPORT = { on_totals, on_payout, on_matched, on_exception, on_progress };

gboolean
tw_outlet_close (TwOutlet  *self,
                 GError   **error)
{
  return self->close (self, error);
}

void
tw_outlet_free (TwOutlet *self)
{
  if (self != NULL)
    self->free (self);
}

char *
tw_report_instant (gint64 us)
{
  g_autoptr (GDateTime) instant = NULL;
  g_autofree char *second = NULL;

  if (us == TW_NOT_STATED)
    return NULL;
  instant = g_date_time_new_from_unix_utc (us / G_USEC_PER_SEC - (us % G_USEC_PER_SEC < 0));
  if (instant == NULL)
    return NULL;
  second = g_date_time_format (instant, "%Y-%m-%dT%H:%M:%S");
  us = ((us % G_USEC_PER_SEC) + G_USEC_PER_SEC) % G_USEC_PER_SEC;

  return us == 0 ? g_strconcat (second, "Z", NULL) : g_strdup_printf ("%s.%06" G_GINT64_FORMAT "Z", second, us);
}

char *
tw_report_local (gint64      us,
                 const char *time_zone)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier (time_zone);
  g_autoptr (GDateTime) instant = us == TW_NOT_STATED ? NULL : g_date_time_new_from_unix_utc (us / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = NULL;

  if (instant == NULL)
    return g_strdup ("-");
  local = zone == NULL ? g_date_time_ref (instant) : g_date_time_to_timezone (instant, zone);

  return g_date_time_format (local, "%Y-%m-%d %H:%M");
}

char *
tw_report_rate (const TwPayout *payout)
{
  GString *text;

  if (*payout->bank_currency == '\0' || payout->rate_e10 == 0)
    return NULL;
  text = g_string_new (NULL);
  g_string_printf (text, "%" G_GINT64_FORMAT ".%010" G_GINT64_FORMAT, payout->rate_e10 / RATE_UNIT,
                   payout->rate_e10 % RATE_UNIT);
  while (text->str[text->len - 1] == '0')
    g_string_truncate (text, text->len - 1);
  if (text->str[text->len - 1] == '.')
    g_string_truncate (text, text->len - 1);

  return g_string_free (text, FALSE);
}

/* Digits in groups of three; sign and decimals stay. */
char *
tw_report_money (gint64      minor,
                 const char *currency)
{
  g_autofree char *plain = NULL;
  g_autoptr (GString) text = NULL;
  gsize whole, from;

  if (minor == TW_NOT_STATED || *currency == '\0')
    return g_strdup ("-");
  plain = tw_money_to_decimal (tw_money (minor, currency));
  text = g_string_new (plain);
  from = plain[0] == '-' ? 1 : 0;
  whole = strcspn (plain, ".");
  for (gsize at = whole; at > from + 3; at -= 3)
    g_string_insert_c (text, (gssize) at - 3, ',');
  g_string_append_printf (text, " %s", currency);

  return g_string_free (g_steal_pointer (&text), FALSE);
}

const char *
tw_report_link_name (TwLink link)
{
  static const char *const NAMES[] = { "priced", "captured", "settled", "paid_out", "banked" };

  return NAMES[link];
}

const char *
tw_report_path (const TwReportHead *head,
                TwOrigin            origin)
{
  return origin.line == 0 || origin.file >= head->n_files ? NULL : head->files[origin.file].path;
}

gboolean
tw_report_write_failed (const char  *what,
                        GError     **error)
{
  g_set_error (error, TW_ERROR, TW_ERROR_RETRY, "%s: %s", what, g_strerror (errno));

  return FALSE;
}
