/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/analytics/copies.h"

#include <string.h>

#define MINUTE_US (G_GINT64_CONSTANT (60) * G_USEC_PER_SEC)

/* No public data set of charging is older (analytics.md section 12: years that lost two digits). */
#define OLDEST_US (G_GINT64_CONSTANT (1230768000) * G_USEC_PER_SEC)     /* 2009-01-01 */

enum { TINY_WH = 500, HUGE_WH = 250000, SHORT_MINUTES = 1, LONG_MINUTES = 2880, LONG_CHARGING_MINUTES = 1440,
       DIFFERENT_MINUTES = 2 };

struct _TwGate
{
  TwCopies   *copies;
  guint32     source;
  const char *name;               /* of the source, from copies */
  gint64      newest_us;
  TwQuality  *quality;
};

TwGate *
tw_gate_new (TwCopies   *copies,
             const char *source,
             gint64      newest_us)
{
  TwGate *self = g_new0 (TwGate, 1);

  self->copies = copies;
  self->source = tw_copies_source (copies, source);
  self->name = tw_copies_source_name (copies, self->source);
  self->newest_us = newest_us != TW_UNKNOWN ? newest_us : G_MAXINT64;
  self->quality = tw_quality_new ();
  return self;
}

void
tw_gate_free (TwGate *self)
{
  if (self == NULL)
    return;
  tw_quality_free (self->quality);
  g_free (self);
}

const TwQuality *
tw_gate_quality (const TwGate *self)
{
  return self->quality;
}

/* A part's rows come by line, but for copies whose place another part has taken: those are few, and are put there. */
static void
keep_line (TwGate     *self,
           TwFlag      flag,
           TwRowPlace  place,
           const char *text)
{
  GPtrArray *lines = self->quality->lines[flag];
  const char *source = place.source == self->source ? self->name : tw_copies_source_name (self->copies, place.source);
  TwQualityLine *line;
  guint at = lines->len;

  while (at > 0)
    {
      const TwQualityLine *before = lines->pdata[at - 1];
      int order = strcmp (before->source, source);

      if (order < 0 || (order == 0 && before->line <= place.line))
        break;
      at--;
    }
  if (at >= TW_QUALITY_LINES)
    return;
  line = g_new (TwQualityLine, 1);
  *line = (TwQualityLine) { g_strdup (source), place.line, g_strdup (text) };
  g_ptr_array_insert (lines, (int) at, line);
  g_ptr_array_set_size (lines, MIN (lines->len, TW_QUALITY_LINES));
}

static gboolean
is_full (const TwGate *self,
         TwFlag        flag,
         guint64       line)
{
  const GPtrArray *lines = self->quality->lines[flag];
  const TwQualityLine *last = lines->len == TW_QUALITY_LINES ? lines->pdata[TW_QUALITY_LINES - 1] : NULL;

  return last != NULL && last->line <= line && strcmp (last->source, self->name) <= 0;
}

void
tw_gate_note (TwGate     *self,
              TwFlag      flag,
              guint64     line,
              const char *text)
{
  self->quality->n[flag]++;
  keep_line (self, flag, (TwRowPlace) { self->source, line }, text);
}

void
tw_gate_refuse (TwGate     *self,
                guint64     line,
                const char *what)
{
  self->quality->n_read++;
  self->quality->n_left_out++;
  tw_gate_note (self, TW_FLAG_REFUSED, line, what);
}

static inline guint64
mix (guint64 a,
     guint64 b)
{
  __uint128_t product = (__uint128_t) (a ^ G_GUINT64_CONSTANT (0x9e3779b97f4a7c15)) * (b ^ 0xe7037ed1a0b428dbu);

  return (guint64) product ^ (guint64) (product >> 64);
}

static inline guint64
hash_text (guint64 hash,
           TwText  text)
{
  const char *p = text.text;
  guint32 left = text.n;
  guint64 word;

  for (; left >= 8; left -= 8, p += 8)
    {
      memcpy (&word, p, 8);
      hash = mix (hash, word);
    }
  word = text.n;
  for (; left > 0; left--, p++)
    word = word << 8 | (guint8) *p;
  return mix (hash, word);
}

/* Where it stands and what was said of it are not the row's. */
static guint64
hash_row (const TwSessionRow *row,
          guint64             id)
{
  const gint64 numbers[] = {
    row->plug_in, row->plug_out, row->charge_start, row->charge_end, row->occupied_s, row->charging_s, row->energy_wh,
    row->max_power_w, row->rated_power_w, (gint64) row->customer, row->price_minor, row->tax_minor,
    row->captured_minor, row->refunded_minor, row->fee_minor, row->chargeback_minor, row->held_minor, row->held_from,
    row->held_until, row->tap_at, row->answered_at, row->epoch,
    row->direct_current << 16 | (gint64) row->means << 12 | (gint64) row->ending << 8 | (gint64) row->money_state,
  };
  guint64 hash = mix (hash_text (hash_text (id, row->evse), row->connector), G_N_ELEMENTS (numbers));
  guint64 other = hash_text (hash_text (id, row->tariff), row->zone);

  hash = hash_text (hash, (TwText) { row->currency, (guint32) strnlen (row->currency, sizeof row->currency) });
  for (guint i = 0; i + 1 < G_N_ELEMENTS (numbers); i += 2)
    {
      hash = mix (hash, (guint64) numbers[i]);
      other = mix (other, (guint64) numbers[i + 1]);
    }
  return mix (mix (hash, (guint64) numbers[G_N_ELEMENTS (numbers) - 1]), other);
}

static inline guint32
bit (TwFlag   flag,
     gboolean is)
{
  return is ? 1u << flag : 0;
}

static inline gint64
span_us (gint64 from,
         gint64 to)
{
  gint64 us;

  if (from == TW_UNKNOWN || to == TW_UNKNOWN)
    return TW_UNKNOWN;
  return !__builtin_sub_overflow (to, from, &us) ? MAX (us, -G_MAXINT64) : to > from ? G_MAXINT64 : -G_MAXINT64;
}

static gboolean
differs (gint64 us,
         gint64 s)
{
  return us != TW_UNKNOWN && s != TW_UNKNOWN && ABS (us / G_USEC_PER_SEC - s) > DIFFERENT_MINUTES * 60;
}

static guint32
judge_times (const TwGate       *self,
             const TwSessionRow *row,
             gint64              plugged_us,
             gint64              charged_us)
{
  gint64 latest = MAX (row->plug_in, MAX (row->plug_out, row->charge_end));
  gboolean charged_unplugged = (row->charge_start != TW_UNKNOWN && row->charge_start < row->plug_in)
                               || (row->plug_out != TW_UNKNOWN && row->charge_end > row->plug_out)
                               || (plugged_us != TW_UNKNOWN && row->charging_s > plugged_us / G_USEC_PER_SEC
                                   && row->charging_s - plugged_us / G_USEC_PER_SEC > 1);

  return bit (TW_FLAG_NO_START, row->plug_in == TW_UNKNOWN)
         | bit (TW_FLAG_ENDS_BEFORE_START, (plugged_us < 0 && plugged_us != TW_UNKNOWN)
                                           || (charged_us < 0 && charged_us != TW_UNKNOWN))
         | bit (TW_FLAG_YEAR_IMPOSSIBLE, row->plug_in != TW_UNKNOWN
                                         && (row->plug_in < OLDEST_US || latest > self->newest_us))
         | bit (TW_FLAG_DURATION_DIFFERS, differs (plugged_us, row->occupied_s)
                                          || differs (charged_us, row->charging_s))
         | bit (TW_FLAG_CHARGED_LONGER, row->plug_in != TW_UNKNOWN && charged_unplugged)
         | bit (TW_FLAG_CHARGE_END_UNKNOWN, row->plug_out != TW_UNKNOWN && row->charge_end == TW_UNKNOWN
                                            && row->charging_s == TW_UNKNOWN)
         | bit (TW_FLAG_OPEN, row->plug_out == TW_UNKNOWN)
         | bit (TW_FLAG_VERY_SHORT, plugged_us >= 0 && plugged_us < SHORT_MINUTES * MINUTE_US)
         | bit (TW_FLAG_VERY_LONG, plugged_us > LONG_MINUTES * MINUTE_US
                                   || charged_us > LONG_CHARGING_MINUTES * MINUTE_US);
}

static guint32
judge_energy (const TwSessionRow *row,
              gint64              plugged_us,
              gint64              charged_us)
{
  double over_s = charged_us > 0 ? charged_us / 1e6 : row->charging_s > 0 ? row->charging_s : plugged_us / 1e6;
  gint64 wh = row->energy_wh;

  if (wh == TW_UNKNOWN)
    return 0;
  /* A mean over less than a minute says little, and clocks are only so good. */
  return bit (TW_FLAG_ENERGY_NEGATIVE, wh < 0)
         | bit (TW_FLAG_ENERGY_ZERO, wh == 0)
         | bit (TW_FLAG_ENERGY_TINY, wh > 0 && wh < TINY_WH)
         | bit (TW_FLAG_ENERGY_HUGE, wh > HUGE_WH)
         | bit (TW_FLAG_POWER_TOO_HIGH, row->rated_power_w > 0 && over_s >= 60
                                        && (double) wh * 3600 / over_s > 1.1 * (double) row->rated_power_w);
}

static const char *
name_row (const TwSessionRow *row,
          char               *text,
          gsize               size)
{
  if (row->session.n == 0)
    return NULL;
  g_snprintf (text, size, "session %.*s", (int) MIN (row->session.n, 100), row->session.text);
  return text;
}

static void
count (TwGate             *self,
       const TwSessionRow *row,
       TwRowPlace          copy)
{
  char text[120];

  for (guint32 left = row->flags; left != 0; left &= left - 1)
    {
      TwFlag flag = (TwFlag) __builtin_ctz (left);
      gboolean of_copy = flag == TW_FLAG_EXACT_DUPLICATE || flag == TW_FLAG_ID_REUSED;

      self->quality->n[flag]++;
      if (of_copy)
        keep_line (self, flag, copy, name_row (row, text, sizeof text));
      else if (!is_full (self, flag, row->line))
        keep_line (self, flag, (TwRowPlace) { self->source, row->line }, name_row (row, text, sizeof text));
    }
}

gboolean
tw_gate_session (TwGate       *self,
                 TwSessionRow *row)
{
  const guint32 leaving = 1u << TW_FLAG_EXACT_DUPLICATE | 1u << TW_FLAG_NO_START | 1u << TW_FLAG_ENDS_BEFORE_START
                          | 1u << TW_FLAG_YEAR_IMPOSSIBLE | 1u << TW_FLAG_ENERGY_NEGATIVE;
  const gint64 plugged_us = span_us (row->plug_in, row->plug_out);
  const gint64 charged_us = span_us (row->charge_start, row->charge_end);
  const guint64 id = hash_text (hash_text (1, row->session), row->site);
  TwRowPlace place = { self->source, row->line };
  TwRowNovelty novelty;
  guint64 hash;

  tw_copies_expect (self->copies, id);
  hash = hash_row (row, id);
  row->flags &= 1u << TW_FLAG_ZONE_ASSUMED | 1u << TW_FLAG_CENTURY_REPAIRED;
  row->flags |= bit (TW_FLAG_CUSTOMER_UNKNOWN, row->customer == 0)
                | bit (TW_FLAG_NO_MONEY, row->currency[0] == '\0'
                                         || (row->price_minor == TW_UNKNOWN && row->captured_minor == TW_UNKNOWN))
                | judge_times (self, row, plugged_us, charged_us) | judge_energy (row, plugged_us, charged_us);
  novelty = tw_copies_add (self->copies, row->session.n > 0 ? id : 0, hash, place, &place);
  row->flags |= bit (TW_FLAG_EXACT_DUPLICATE, novelty == TW_ROW_COPY)
                | bit (TW_FLAG_ID_REUSED, novelty == TW_ROW_SAME_ID && row->session.n > 0);
  count (self, row, place);
  self->quality->n_read++;
  if (row->flags & leaving)
    self->quality->n_left_out++;
  else
    self->quality->n_used++;
  return (row->flags & leaving) == 0;
}
