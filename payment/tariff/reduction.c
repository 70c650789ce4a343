/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/tariff/reduction.h"

#include "payment/money/money.h"
#include "payment/tariff/bill-inside.h"

gint64
tw_reduced_minor (gint64 minor,
                  guint  bp)
{
  return minor <= 0 || minor == G_MAXINT64 ? minor : minor - tw_money_share_minor (minor, bp);
}

static TwWide
floor_of (TwWide over,
          TwWide under)
{
  return over / under - (over % under < 0);
}

/* under > 0 */
static gint64
half_up (TwWide over,
         TwWide under)
{
  TwWide amount = over < 0 ? -over : over, rounded = (2 * amount + under) / (2 * under);

  return (gint64) (over < 0 ? -rounded : rounded);
}

/* Every part gets its whole minor units, and those with the largest rests one more. */
static void
share_out (TwReducedPart *parts,
           guint          n,
           gint64         less,
           gint64         gross)
{
  g_autofree TwWide *rests = g_new (TwWide, n);
  gint64 left = less;

  for (guint i = 0; i < n; i++)
    {
      TwWide exact = (TwWide) parts[i].gross * less;

      parts[i].less_gross = (gint64) floor_of (exact, gross);
      rests[i] = exact - (TwWide) parts[i].less_gross * gross;
      left -= parts[i].less_gross;
    }
  for (; left > 0; left--)
    {
      guint best = 0;

      for (guint i = 1; i < n; i++)
        if (rests[i] > rests[best])
          best = i;
      parts[best].less_gross++;
      rests[best] = -1;
    }
}

void
tw_reduce_parts (TwReducedPart *parts,
                 guint          n,
                 guint          bp)
{
  gint64 gross = 0;

  for (guint i = 0; i < n; i++)
    {
      gross += parts[i].gross;
      parts[i].less_net = parts[i].less_gross = 0;
    }
  if (gross <= 0)
    return;
  share_out (parts, n, tw_money_share_minor (gross, bp), gross);
  for (guint i = 0; i < n; i++)
    {
      TwReducedPart *part = &parts[i];
      TwWide over = (TwWide) part->net * (part->gross - part->less_gross);

      if (part->gross != 0)
        part->less_net = part->net - half_up (part->gross < 0 ? -over : over, part->gross < 0 ? -part->gross
                                                                                              : part->gross);
    }
}

/* --- of a bill --- */

/* All that the session used has one tax rate, and so has what a limit changes; else that belongs to no rate. */
static gboolean
has_one_rate (const TwBill *self)
{
  for (guint i = 0; i < self->n_lines; i++)
    if (self->lines[i].kind < TW_LINE_ADJUSTMENT
        && g_strcmp0 (self->lines[i].tax_percent, self->lines[0].tax_percent) != 0)
      return FALSE;
  return self->n_lines > 0 && self->lines[0].kind < TW_LINE_ADJUSTMENT;
}

/* The line of the reduction that a line's amounts belong to, made if it is not there. */
static guint
reduction_of (TwBill       *self,
              const TwLine *line,
              guint         first)
{
  const gboolean adjusts = line->kind == TW_LINE_ADJUSTMENT, of_limit = adjusts && !has_one_rate (self);
  const char *percent = adjusts && !of_limit ? self->lines[0].tax_percent : line->tax_percent;
  guint i = first;

  while (i < self->n_lines && (self->lines[i].of_limit != of_limit
                               || g_strcmp0 (self->lines[i].tax_percent, percent) != 0))
    i++;
  if (i == self->n_lines)
    self->lines[self->n_lines++] = (TwLine) {
      .kind = TW_LINE_REDUCTION, .quantity = 1, .exact_quantity = 1, .tax_percent = percent, .of_limit = of_limit,
      .tax_unknown = line->tax_unknown,
    };
  return i;
}

static void
take_off (TwBill              *self,
          guint                first,
          const TwReducedPart *parts)
{
  guint kept = first;

  for (guint i = first; i < self->n_lines; i++)
    {
      self->net.minor -= parts[i - first].less_net;
      self->gross.minor -= parts[i - first].less_gross;
      self->lines[i].net_minor = -parts[i - first].less_net;
      self->lines[i].gross_minor = -parts[i - first].less_gross;
      if (parts[i - first].less_gross != 0 || parts[i - first].less_net != 0)
        self->lines[kept++] = self->lines[i];
    }
  self->n_lines = kept;
}

/* Of the rounded totals, so that who reads the bill can reckon it; the net of each rate follows its gross, so that the
 * tax is that of what is paid. */
void
tw_bill_reduce (TwBill *self,
                guint   bp)
{
  guint n = self->n_lines;
  g_autofree TwReducedPart *parts = g_new0 (TwReducedPart, n + 1);
  gint64 per_unit = tw_tariff_minor_units (self->tariff);

  for (guint i = 0; i < n; i++)
    {
      const TwLine *line = &self->lines[i];
      guint at = reduction_of (self, line, n) - n;

      parts[at].net += line->net_minor;
      parts[at].gross += line->gross_minor;
    }
  tw_reduce_parts (parts, self->n_lines - n, bp);
  take_off (self, n, parts);
  self->reduction_bp = bp;
  self->exact = (TwSides) { .net = tw_fraction (self->net.minor, per_unit),
                            .gross = tw_fraction (self->gross.minor, per_unit) };
}
