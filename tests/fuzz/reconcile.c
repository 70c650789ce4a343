/* SPDX-License-Identifier: Apache-2.0 */
/* needs: reconcile_dep */
/* Rows from bytes, whatever they say: the reconciliation ends; it refuses with BAD_DATA or its books conserve (else it
 * would say BAD_STATE); and the rows backwards give the same findings in the same order. Texts come from a small pool,
 * so that references meet.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "app/base/error.h"
#include "payment/reconcile/reconcile.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

typedef struct { const uint8_t *at, *end; } Bytes;

static const char *const pool[] = { "", "a", "b", "ref-1", "ref-2", "10", "1", "po_1", "B1001", "payout B1001", "E1",
                                    "E2", "T1", "capture", "refund", "structure pagination_gap" };
static const char *const currencies[] = { "EUR", "EUR", "EUR", "CHF", "JPY", "USD", "EUR", "EUR" };

static uint8_t
byte (Bytes *self)
{
  return self->at < self->end ? *self->at++ : 0;
}

static TwChars
words (Bytes *self)
{
  const char *text = pool[byte (self) % G_N_ELEMENTS (pool)];

  return (TwChars) { text, (guint32) strlen (text) };
}

/* Small amounts that meet, none at all, and the largest there are. */
static gint64
number (Bytes *self)
{
  uint8_t kind = byte (self);

  switch (kind % 8)
    {
    case 0: return TW_NOT_STATED;
    case 1: return 0;
    case 2: return -(gint64) byte (self) * 100;
    case 3: return kind > 250 && byte (self) > 200 ? G_MAXINT64 : G_GINT64_CONSTANT (1000000000000000);
    case 4: return byte (self);
    default: return (gint64) (byte (self) % 4) * 1000;
    }
}

static gint64
instant (Bytes *self)
{
  uint8_t days = byte (self);

  return days == 0 ? TW_NOT_STATED : days == 1 && byte (self) > 200 ? G_MAXINT64
         : G_GINT64_CONSTANT (86400000000) * (20000 + days % 32);
}

static void
currency (Bytes *self, char out[4])
{
  uint8_t which = byte (self);

  memcpy (out, which == 255 ? "EURO" : currencies[which % G_N_ELEMENTS (currencies)], 4);
}

static TwSale
sale (Bytes *b, guint64 line)
{
  TwSale made = {
    .origin = { byte (b) % 3, line }, .session = words (b), .station = words (b), .evse = words (b),
    .terminal = words (b), .payment_ref = words (b), .psp_ref = words (b), .capture_ref = words (b),
    .settlement_ref = words (b), .refund_ref = words (b), .trace = words (b), .slip = words (b), .approval = words (b),
    .tail = words (b), .brand = words (b), .tariff_shown = words (b), .tariff_priced = words (b),
    .unknown_operation = words (b), .receipt_number = byte (b), .state = byte (b) % (TW_SALE_OPEN + 1),
    .billed = byte (b) & 1, .tariff_free = (byte (b) & 7) == 7, .test_mode = (byte (b) & 7) == 7,
    .price_minor = number (b), .repriced_minor = number (b), .shown_minor = number (b), .held_minor = number (b),
    .captured_minor = number (b), .second_capture_minor = number (b), .refunded_minor = number (b),
    .unknown_minor = number (b), .advised_minor = number (b), .energy_wh = number (b),
    .energy_price_minor = number (b), .energy_part_minor = number (b), .started_us = instant (b),
    .ended_us = instant (b), .captured_us = instant (b), .refunded_us = instant (b), .hold_until_us = instant (b),
    .day = 20000 + byte (b) % 8,
  };

  currency (b, made.currency);
  return made;
}

static TwSettled
line (Bytes *b, guint64 origin)
{
  TwSettled made = {
    .origin = { byte (b) % 3, origin }, .kind = byte (b) % TW_N_SETTLED_KINDS, .source = words (b),
    .account = words (b), .key = words (b), .payment_ref = words (b), .psp_ref = words (b), .change_ref = words (b),
    .related_ref = words (b), .settlement_ref = words (b), .terminal = words (b), .trace = words (b),
    .slip = words (b), .approval = words (b), .tail = words (b), .method = words (b), .raw_kind = words (b),
    .batch = words (b), .bank_trace = words (b), .gross = number (b), .fee = number (b), .net = number (b),
    .dispute_fee = number (b), .occurred_us = instant (b), .available_us = instant (b), .day = 20000 + byte (b) % 8,
    .submission_batch = (byte (b) & 7) == 7,
  };

  currency (b, made.currency);
  currency (b, made.net_currency);
  return made;
}

static TwCredit
credit (Bytes *b, guint64 origin)
{
  TwCredit made = {
    .origin = { byte (b) % 3, origin }, .account = words (b), .key = words (b), .end_to_end = words (b),
    .bank_trace = words (b), .remittance = words (b), .joined = words (b), .counterparty = words (b),
    .amount = number (b), .original = byte (b) & 1 ? number (b) : 0, .rate_of_credit = byte (b) & 1,
    .rate_e10 = byte (b) * G_GINT64_CONSTANT (100000007) * (byte (b) & 1), .charges = byte (b) & 1 ? number (b) : 0,
    .booked_day = 20000 + byte (b) % 8, .value_day = G_MININT32, .reversal = byte (b) & 1, .notification = byte (b) & 1,
  };

  currency (b, made.currency);
  if (byte (b) & 1)
    currency (b, made.original_currency);
  return made;
}

static TwEnergy
energy (Bytes *b, guint64 origin)
{
  return (TwEnergy) {
    .origin = { byte (b) % 3, origin }, .kind = byte (b) % 3, .session = words (b), .evse = words (b),
    .meter = words (b), .energy_wh = number (b), .begin_us = instant (b), .end_us = instant (b), .good = byte (b) & 1,
    .verdict = words (b), .findings = words (b), .digest = words (b), .page = byte (b) % 8,
    .first_page = byte (b) % 4,
  };
}

static TwTotal
total (Bytes *b, guint64 origin)
{
  TwTotal made = {
    .origin = { byte (b) % 3, origin }, .terminal = words (b), .brand = words (b), .total_minor = number (b),
    .count = number (b), .day = 20000 + byte (b) % 8, .from_us = instant (b), .until_us = instant (b),
    .first_slip = (gint32) (byte (b) % 16) - 1, .last_slip = (gint32) (byte (b) % 16) - 1,
  };

  currency (b, made.currency);
  return made;
}

#define ROW_BYTES 64

static gboolean
feed (const TwIntake *intake, Bytes bytes, guint64 origin, GError **error)
{
  switch (byte (&bytes) % 8)
    {
    case 0:
    case 1:
    case 2: {
        TwSale made = sale (&bytes, origin);
        return intake->class_->sale (intake->self, &made, error);
      }
    case 3:
    case 4: {
        TwSettled made = line (&bytes, origin);
        return intake->class_->line (intake->self, &made, error);
      }
    case 5: {
        TwCredit made = credit (&bytes, origin);
        return intake->class_->credit (intake->self, &made, error);
      }
    case 6: {
        TwEnergy made = energy (&bytes, origin);
        return intake->class_->energy (intake->self, &made, error);
      }
    default: {
        TwTotal made = total (&bytes, origin);
        return intake->class_->total (intake->self, &made, error);
      }
    }
}

static gboolean
write_totals (gpointer out, const TwCurrencyTotals *totals, GError **error)
{
  g_string_append_len (out, (const char *) totals, sizeof *totals);
  return TRUE;
}

static gboolean
write_payout (gpointer out, const TwPayout *payout, GError **error)
{
  g_string_append_len (out, payout->batch.text, payout->batch.n);
  g_string_append_printf (out, "%" G_GINT64_FORMAT " %" G_GINT64_FORMAT, payout->net_minor, payout->bank_minor);
  return TRUE;
}

static gboolean
write_matched (gpointer out, const TwMatched *matched, GError **error)
{
  g_string_append_len (out, matched->session.text, matched->session.n);
  return TRUE;
}

static gboolean
write_exception (gpointer out, const TwException *exception, GError **error)
{
  g_string_append_printf (out, "%s %s %" G_GINT64_FORMAT " ", tw_class_name (exception->class_), exception->id,
                          exception->stake_minor);
  g_string_append_len (out, exception->detail.text, exception->detail.n);
  return TRUE;
}

static const TwResultClass writer = {
  .totals = write_totals, .payout = write_payout, .matched = write_matched, .exception = write_exception,
};

static GString *
run (const uint8_t *data, size_t n_rows, gboolean backwards)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (TwReconciliation) reconciliation = NULL;
  TwReconcileTerms terms;
  TwIntake intake;
  gboolean ok = TRUE;

  tw_reconcile_terms_init (&terms);
  terms.as_of_us = G_GINT64_CONSTANT (86400000000) * 20020;
  terms.memory_bytes = 1 << 20;
  terms.fee_fixed_minor = 10;
  terms.suggest_by_amount = TRUE;
  reconciliation = tw_reconciliation_new (&terms, NULL);
  intake = tw_reconciliation_intake (reconciliation);
  for (size_t i = 0; i < n_rows && ok; i++)
    {
      size_t row = backwards ? n_rows - 1 - i : i;

      ok = feed (&intake, (Bytes) { data + row * ROW_BYTES, data + (row + 1) * ROW_BYTES }, row + 1, &error);
    }
  if (ok && tw_reconciliation_run (reconciliation, &writer, out, &error))
    return g_steal_pointer (&out);
  if (!g_error_matches (error, TW_ERROR, TW_ERROR_BAD_DATA))
    g_error ("%s", error->message);
  return NULL;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  size_t n_rows = MIN (size / ROW_BYTES, 64);
  GString *forwards = run (data, n_rows, FALSE), *backwards = run (data, n_rows, TRUE);

  if ((forwards == NULL) != (backwards == NULL) || (forwards != NULL && !g_string_equal (forwards, backwards)))
    abort ();
  if (forwards != NULL)
    g_string_free (forwards, TRUE);
  if (backwards != NULL)
    g_string_free (backwards, TRUE);
  return 0;
}
