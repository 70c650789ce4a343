/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/analytics/measures/asked-price.h"

#include <math.h>

#define LEAST_WH 2000u          /* below, a rounded amount tells little of its price */
#define SAME 0.015              /* rounding of 2 kWh for 0.35 each */

typedef struct { gint32 day; guint32 tariff; double price; } Paid;                /* a session */
typedef struct { guint32 site; gint32 day; guint32 tariff; double price; } Day;   /* price below 0: no agreement */
typedef struct { gint64 captured_minor, energy_wh; } TariffSum;

struct _TwAskedPrices
{
  TwAskedBy  by;
  GArray    *days;              /* of Day, by site and day */
  TariffSum *tariffs;
  guint     *n_of;              /* of each tariff: 0 but while a day is counted */
  guint      n_tested, n_agree; /* days of two sessions and more: one alone agrees with itself */
  gboolean   named;             /* each session has a tariff with a name */
};

static int
by_day_and_price (gconstpointer a,
                  gconstpointer b)
{
  const Paid *one = a, *other = b;

  if (one->day != other->day)
    return one->day < other->day ? -1 : 1;
  return (one->price > other->price) - (one->price < other->price);
}

static gboolean
counts (const TwAnalysis *analysis,
        const TwShortRow *row,
        const char       *currency)
{
  return !row->open && row->captured_minor > 0 && row->energy_wh != G_MAXUINT32 && row->energy_wh >= LEAST_WH &&
         g_str_equal (tw_analysis_currency (analysis, row->currency), currency);
}

static gboolean
agree (const Paid *paid,
       guint       n)
{
  double middle = paid[n / 2].price;
  guint n_same = 0;

  for (guint i = 0; i < n; i++)
    n_same += fabs (paid[i].price / middle - 1) <= SAME;
  return n_same * 3 >= n * 2;
}

/* That of most sessions. */
static guint32
tariff_of (TwAskedPrices *self,
           const Paid    *paid,
           guint          n)
{
  guint32 tariff = paid[0].tariff;

  for (guint i = 0; i < n; i++)
    self->n_of[paid[i].tariff]++;
  for (guint i = 0; i < n; i++)
    if (self->n_of[paid[i].tariff] > self->n_of[tariff] ||
        (self->n_of[paid[i].tariff] == self->n_of[tariff] && paid[i].tariff < tariff))
      tariff = paid[i].tariff;
  for (guint i = 0; i < n; i++)
    self->n_of[paid[i].tariff] = 0;
  return tariff;
}

static void
add_day (TwAskedPrices *self,
         guint32        site,
         const Paid    *paid,
         guint          n)
{
  gboolean same = agree (paid, n);
  Day day = { site, paid->day, tariff_of (self, paid, n), same ? paid[n / 2].price : -1 };

  self->n_tested += n > 1;
  self->n_agree += n > 1 && same;
  g_array_append_val (self->days, day);
}

static void
add_site (TwAskedPrices *self,
          guint32        site,
          GArray        *paid)
{
  const Paid *all = (const Paid *) (const void *) paid->data;

  g_array_sort (paid, by_day_and_price);
  for (guint from = 0, n; from < paid->len; from += n)
    {
      for (n = 1; from + n < paid->len && all[from + n].day == all[from].day; )
        n++;
      add_day (self, site, all + from, n);
    }
  g_array_set_size (paid, 0);
}

/* Rows come port by port, and ports site by site. */
static void
gather (TwAskedPrices    *self,
        const TwAnalysis *analysis,
        const char       *currency)
{
  g_autoptr (GArray) paid = g_array_new (FALSE, FALSE, sizeof (Paid));
  guint n_ports;
  gsize n;
  const TwPort *ports = tw_analysis_ports (analysis, &n_ports);
  const TwShortRow *rows = tw_analysis_rows (analysis, &n);

  for (gsize i = 0; i < n; i++)
    {
      guint32 site = ports[rows[i].port].site;
      Paid one = { rows[i].day, rows[i].tariff, (double) rows[i].captured_minor * 1000 / MAX (rows[i].energy_wh, 1) };

      if (counts (analysis, &rows[i], currency))
        {
          self->tariffs[one.tariff].captured_minor += rows[i].captured_minor;
          self->tariffs[one.tariff].energy_wh += rows[i].energy_wh;
          self->named = self->named && *tw_analysis_tariff (analysis, one.tariff) != '\0';
          g_array_append_val (paid, one);
        }
      if (i + 1 == n || ports[rows[i + 1].port].site != site)
        add_site (self, site, paid);
    }
}

TwAskedPrices *
tw_asked_prices_new (const TwAnalysis *analysis,
                     const char       *currency)
{
  TwAskedPrices *self = g_new0 (TwAskedPrices, 1);

  self->days = g_array_new (FALSE, FALSE, sizeof (Day));
  self->tariffs = g_new0 (TariffSum, MAX (tw_analysis_n_tariffs (analysis), 1));
  self->n_of = g_new0 (guint, MAX (tw_analysis_n_tariffs (analysis), 1));
  self->named = TRUE;
  gather (self, analysis, currency);
  if (self->n_tested > 0 && self->n_agree * 5 >= self->n_tested * 4)
    self->by = TW_ASKED_BY_AMOUNT;
  else
    self->by = self->named && self->days->len > 0 ? TW_ASKED_BY_TARIFF : TW_ASKED_UNKNOWN;
  return self;
}

void
tw_asked_prices_free (TwAskedPrices *self)
{
  g_array_unref (self->days);
  g_free (self->tariffs);
  g_free (self->n_of);
  g_free (self);
}

TwAskedBy
tw_asked_prices_by (const TwAskedPrices *self)
{
  return self->by;
}

static int
by_site_and_day (gconstpointer a,
                 gconstpointer b)
{
  const Day *one = a, *other = b;

  if (one->site != other->site)
    return one->site < other->site ? -1 : 1;
  return (one->day > other->day) - (one->day < other->day);
}

double
tw_asked_price (const TwAskedPrices *self,
                guint32              site,
                gint32               day)
{
  Day asked = { .site = site, .day = day };
  guint at;

  if (self->by == TW_ASKED_UNKNOWN || !g_array_binary_search (self->days, &asked, by_site_and_day, &at))
    return -1;
  asked = g_array_index (self->days, Day, at);
  if (self->by == TW_ASKED_BY_AMOUNT)
    return asked.price;
  return (double) self->tariffs[asked.tariff].captured_minor * 1000 / (double) self->tariffs[asked.tariff].energy_wh;
}
