/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/sessions-totals.h"

#include "app/base/error.h"

static TwTotal *
total_for (GPtrArray      *totals,
           const TwRecord *record)
{
  TwTotal *total;

  for (guint i = 0; i < totals->len; i++)
    {
      total = g_ptr_array_index (totals, i);
      if (total->test_mode == record->test_mode && g_str_equal (total->price.currency, record->hold.currency))
        return total;
    }

  total = g_new0 (TwTotal, 1);
  total->test_mode = record->test_mode;
  total->price = total->captured = tw_money (0, record->hold.currency);
  g_ptr_array_add (totals, total);

  return total;
}

static gboolean
add (TwTotal         *total,
     const TwRecord  *record,
     GError         **error)
{
  const char *currency = record->hold.currency;

  total->n_sessions++;
  total->n_standing_out += tw_records_stands_out (record);
  if (__builtin_add_overflow (total->energy_wh, tw_usage_energy_wh (record->usage), &total->energy_wh))
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "session %s: more energy than can be counted", record->session);
      return FALSE;
    }

  return tw_money_add (total->price, tw_money (record->price_minor, currency), &total->price, error)
         && tw_money_add (total->captured, tw_money (tw_records_captured_minor (record), currency), &total->captured,
                          error);
}

GPtrArray *
tw_totals_of (const GPtrArray  *records,
              GError          **error)
{
  g_autoptr (GPtrArray) totals = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < records->len; i++)
    {
      const TwRecord *record = g_ptr_array_index (records, i);

      /* What was never offered has no currency, and costs nothing. */
      if (tw_currency_digits (record->hold.currency) >= 0 && !add (total_for (totals, record), record, error))
        return NULL;
    }

  return g_steal_pointer (&totals);
}

gboolean
tw_totals_have_test (const GPtrArray *totals)
{
  for (guint i = 0; i < totals->len; i++)
    if (((const TwTotal *) g_ptr_array_index (totals, i))->test_mode)
      return TRUE;

  return FALSE;
}

void
tw_totals_write (const GPtrArray *totals,
                 TwJsonOut       *out)
{
  tw_json_out_begin_array (out, "totals");
  for (guint i = 0; i < totals->len; i++)
    {
      const TwTotal *total = g_ptr_array_index (totals, i);

      tw_json_out_begin_object (out, NULL);
      tw_json_out_bool (out, "test_mode", total->test_mode);
      tw_json_out_string (out, "currency", total->price.currency);
      tw_json_out_int64 (out, "sessions", total->n_sessions);
      tw_json_out_int64 (out, "stand_out", total->n_standing_out);
      tw_json_out_int64 (out, "energy_wh", total->energy_wh);
      tw_json_out_int64 (out, "price_minor", total->price.minor);
      tw_json_out_int64 (out, "captured_minor", total->captured.minor);
      tw_json_out_end (out);
    }
  tw_json_out_end (out);
}

char *
tw_totals_kwh (gint64 wh)
{
  return wh < 0 ? g_strdup ("-") : g_strdup_printf ("%" G_GINT64_FORMAT ".%03d", wh / 1000, (int) (wh % 1000));
}
