/* SPDX-License-Identifier: Apache-2.0 */
/* A settlement file by a mapping ("csv"). The key of a line is all that says which one it is. */
#include "payment/reconcile/readers/formats.h"
#include "payment/reconcile/readers/mapping.h"

#include "app/base/error.h"
#include "payment/reconcile/readers/cell.h"

#include <string.h>

enum
{
  KIND, REFERENCE, PSP, CHANGE, RELATED, SETTLEMENT, TERMINAL, TRACE, SLIP, APPROVAL, CARD, METHOD, BATCH, BANK_TRACE,
  ACCOUNT, CURRENCY, NET_CURRENCY, TIME, AVAILABLE, GROSS, GROSS_CREDIT, GROSS_DEBIT, FEE, NET, N_COLUMNS
};

#define COLUMN(key) { "columns", key, NULL, FALSE }

/* The first of them are the columns, in their order. */
static const TwMappingKey keys[] = {
  [KIND] = COLUMN ("kind"), [REFERENCE] = COLUMN ("reference"), [PSP] = COLUMN ("psp-reference"),
  [CHANGE] = COLUMN ("change-reference"), [RELATED] = COLUMN ("related-reference"),
  [SETTLEMENT] = COLUMN ("settlement-reference"), [TERMINAL] = COLUMN ("terminal"), [TRACE] = COLUMN ("trace"),
  [SLIP] = COLUMN ("receipt"), [APPROVAL] = COLUMN ("approval"), [CARD] = COLUMN ("card"),
  [METHOD] = COLUMN ("method"), [BATCH] = COLUMN ("batch"), [BANK_TRACE] = COLUMN ("bank-trace"),
  [ACCOUNT] = COLUMN ("account"), [CURRENCY] = COLUMN ("currency"), [NET_CURRENCY] = COLUMN ("net-currency"),
  [TIME] = { "columns", "time", NULL, TRUE }, [AVAILABLE] = COLUMN ("available"), [GROSS] = COLUMN ("gross"),
  [GROSS_CREDIT] = COLUMN ("gross-credit"), [GROSS_DEBIT] = COLUMN ("gross-debit"), [FEE] = COLUMN ("fee"),
  [NET] = COLUMN ("net"),
  { "mapping", "format", "csv", TRUE }, { "mapping", "name", NULL, TRUE },
  { "file", "header", NULL, FALSE }, { "file", "decimal", "point comma", FALSE },
  { "file", "thousands", "none point comma blank apostrophe", FALSE }, { "file", "date-format", NULL, FALSE },
  { "file", "time-format", NULL, FALSE }, { "file", "time-zone", NULL, FALSE },
  { "file", "direction", "sign kind", FALSE }, { "file", "fee", "cost signed", FALSE },
  { "constants", "currency", NULL, FALSE }, { "constants", "account", NULL, FALSE },
  { "constants", "kind", "sale refund payout", FALSE },
  { "kinds", "sale", NULL, FALSE }, { "kinds", "refund", NULL, FALSE }, { "kinds", "refund-reversed", NULL, FALSE },
  { "kinds", "chargeback", NULL, FALSE }, { "kinds", "chargeback-reversed", NULL, FALSE },
  { "kinds", "fee", NULL, FALSE }, { "kinds", "adjustment", NULL, FALSE }, { "kinds", "reserve", NULL, FALSE },
  { "kinds", "payout", NULL, FALSE }, { "kinds", "bulk", NULL, FALSE }, { "kinds", "other", NULL, FALSE },
  { "kinds", "advance", NULL, FALSE }, { "kinds", "carry-over", NULL, FALSE }, { "kinds", "fx", NULL, FALSE },
};

/* direction: of the gross, when the file's amounts have no sign of their own. */
static const struct { const char *name; int direction; } kinds[TW_N_SETTLED_KINDS] = {
  [TW_SETTLED_SALE] = { "sale", 1 }, [TW_SETTLED_REFUND] = { "refund", -1 },
  [TW_SETTLED_REFUND_REVERSED] = { "refund-reversed", 1 }, [TW_SETTLED_CHARGEBACK] = { "chargeback", -1 },
  [TW_SETTLED_CHARGEBACK_REVERSED] = { "chargeback-reversed", 1 }, [TW_SETTLED_FEE] = { "fee", -1 },
  [TW_SETTLED_ADJUSTMENT] = { "adjustment", 0 }, [TW_SETTLED_RESERVE] = { "reserve", 0 },
  [TW_SETTLED_PAYOUT] = { "payout", -1 }, [TW_SETTLED_BULK] = { "bulk", 1 }, [TW_SETTLED_OTHER] = { "other", 0 },
  [TW_SETTLED_ADVANCE] = { "advance", 0 }, [TW_SETTLED_CARRY_OVER] = { "carry-over", 0 },
  [TW_SETTLED_FX] = { "fx", 0 },
};

typedef struct
{
  TwReading *reading;
  const TwMapping *mapping;
  TwMapped *mapped;
  TwChars source, account;
  gboolean by_kind, signed_fee, has_kinds;
  TwSettledKind constant_kind;
  GString *last_word;                    /* files say the same word again and again */
  TwSettledKind last_kind;
  int at[N_COLUMNS];
} Mapped;

static gboolean
kind_by_name (const char    *name,
              TwSettledKind *kind)
{
  for (guint i = 0; name && i < TW_N_SETTLED_KINDS; i++)
    if (strcmp (kinds[i].name, name) == 0)
      {
        *kind = i;
        return TRUE;
      }

  return FALSE;
}

static gboolean
read_kind (Mapped        *self,
           TwSettledKind *kind,
           GError       **error)
{
  const TwChars cell = tw_table_cell (self->mapped->table, self->at[KIND]);
  g_autofree char *own = NULL;

  *kind = self->at[KIND] < 0 ? self->constant_kind : self->last_kind;
  if (self->at[KIND] < 0 || (cell.n > 0 && tw_cell_equal (cell, (TwChars) { self->last_word->str,
                                                                            self->last_word->len })))
    return TRUE;
  own = g_strdelimit (g_ascii_strdown (cell.text, cell.n), "_", '-');
  if (!kind_by_name (self->has_kinds ? tw_mapping_word (self->mapping, "kinds", cell) : own, kind))
    return tw_table_refuse (self->mapped->table, self->at[KIND], error, "\"%s\" is in no list of [kinds]", own);
  g_string_truncate (self->last_word, 0);
  g_string_append_len (self->last_word, cell.text, cell.n);
  self->last_kind = *kind;

  return TRUE;
}

/* One column with a sign, or one for each direction. */
static gboolean
read_gross (Mapped     *self,
            TwSettled  *line,
            GError    **error)
{
  const TwTable *table = self->mapped->table;
  gint64 credit, debit;

  if (self->at[GROSS] >= 0)
    return tw_mapped_money (self->mapped, self->at[GROSS], line->currency, &line->gross, error);
  if (!tw_mapped_money (self->mapped, self->at[GROSS_CREDIT], line->currency, &credit, error)
      || !tw_mapped_money (self->mapped, self->at[GROSS_DEBIT], line->currency, &debit, error))
    return FALSE;
  line->gross = TW_NOT_STATED;
  if ((credit != TW_NOT_STATED && credit < 0) || (debit != TW_NOT_STATED && debit < 0))
    return tw_table_refuse (table, self->at[credit < 0 && credit != TW_NOT_STATED ? GROSS_CREDIT : GROSS_DEBIT], error,
                            "negative, where the column is the direction");
  if (credit != TW_NOT_STATED && debit != TW_NOT_STATED && credit != 0 && debit != 0)
    return tw_table_refuse (table, self->at[GROSS_DEBIT], error, "a debit, and a credit too");
  if (credit != TW_NOT_STATED || debit != TW_NOT_STATED)
    line->gross = (credit != TW_NOT_STATED ? credit : 0) - (debit != TW_NOT_STATED ? debit : 0);

  return TRUE;
}

static gboolean
turn (Mapped   *self,
      int       column,
      int       direction,
      gint64   *amount,
      GError  **error)
{
  if (*amount == TW_NOT_STATED || direction == 0)
    return TRUE;
  if (*amount < 0)
    return tw_table_refuse (self->mapped->table, self->at[column], error, "negative, where the kind is the direction");
  *amount *= direction;

  return TRUE;
}

/* Where amounts have a sign, it and the kind say the same. A file without kinds says by the sign what came back. */
static gboolean
check_direction (Mapped     *self,
                 TwSettled  *line,
                 GError    **error)
{
  const int column = self->at[GROSS] >= 0 ? GROSS : line->gross < 0 ? GROSS_DEBIT : GROSS_CREDIT;
  const int direction = kinds[line->kind].direction;
  const gboolean is_of_a_sale = line->kind == TW_SETTLED_SALE || line->kind == TW_SETTLED_REFUND
                                || line->kind == TW_SETTLED_REFUND_REVERSED || line->kind == TW_SETTLED_CHARGEBACK
                                || line->kind == TW_SETTLED_CHARGEBACK_REVERSED;

  if (line->gross == TW_NOT_STATED || line->gross == 0 || !is_of_a_sale || (line->gross > 0) == (direction > 0))
    return TRUE;
  if (self->at[KIND] < 0 && line->kind == TW_SETTLED_SALE)
    {
      line->kind = TW_SETTLED_REFUND;
      return TRUE;
    }

  return tw_table_refuse (self->mapped->table, self->at[column], error,
                          "%s, and a %s: which is it? (amounts without a sign: [file] direction = kind)",
                          line->gross < 0 ? "negative" : "positive", kinds[line->kind].name);
}

/* What two of the three say, the third need not. Net = gross - fee, where all three are told, in one currency. */
static gboolean
complete (Mapped     *self,
          TwSettled  *line,
          GError    **error)
{
  const gboolean one_currency = strcmp (line->currency, line->net_currency) == 0;
  const gboolean has_gross = line->gross != TW_NOT_STATED, has_fee = line->fee != TW_NOT_STATED;
  const gboolean has_net = line->net != TW_NOT_STATED;
  const int last = self->at[NET] >= 0 ? self->at[NET] : self->at[GROSS];
  gboolean over = FALSE;
  gint64 net;

  if (!has_gross && !has_net)
    return tw_table_refuse (self->mapped->table, last, error, "neither gross nor net");
  if (line->kind == TW_SETTLED_FEE && one_currency)
    {
      line->net = has_net ? line->net : line->gross;
      line->gross = 0;
      line->fee = -line->net;
      return TRUE;
    }
  if (!one_currency)
    return TRUE;
  if (has_gross && has_fee && !has_net)
    over = __builtin_sub_overflow (line->gross, line->fee, &line->net);
  else if (has_gross && has_net && !has_fee)
    over = __builtin_sub_overflow (line->gross, line->net, &line->fee);
  else if (has_net && !has_gross)
    over = __builtin_add_overflow (line->net, has_fee ? line->fee : (line->fee = 0), &line->gross);
  else if (has_net)
    {
      over = __builtin_sub_overflow (line->gross, line->fee, &net);
      if (!over && net != line->net)
        return tw_table_refuse (self->mapped->table, last, error, "net is not gross less fee");
    }

  return !over || tw_table_refuse (self->mapped->table, last, error, "too large");
}

static gboolean
read_amounts (Mapped     *self,
              TwSettled  *line,
              GError    **error)
{
  const int direction = self->by_kind ? kinds[line->kind].direction : 0;

  if (!tw_mapped_currency (self->mapped, self->at[CURRENCY], line->currency, error))
    return FALSE;
  memcpy (line->net_currency, line->currency, 4);
  if (tw_table_cell (self->mapped->table, self->at[NET_CURRENCY]).n > 0
      && !tw_table_currency (self->mapped->table, self->at[NET_CURRENCY], line->net_currency, error))
    return FALSE;
  if (!read_gross (self, line, error)
      || !tw_mapped_money (self->mapped, self->at[FEE], line->net_currency, &line->fee, error)
      || !tw_mapped_money (self->mapped, self->at[NET], line->net_currency, &line->net, error)
      || !turn (self, GROSS, direction, &line->gross, error) || !turn (self, NET, direction, &line->net, error)
      || !check_direction (self, line, error))
    return FALSE;
  if (self->signed_fee && line->fee != TW_NOT_STATED)
    line->fee = -line->fee;

  return complete (self, line, error);
}

static void
make_key (Mapped    *self,
          TwSettled *line)
{
  const TwChars parts[] = { line->source, line->account, line->batch, line->payment_ref, line->psp_ref,
                            line->change_ref, line->settlement_ref, line->trace, line->slip, { line->currency, 3 } };

  tw_reading_key_begin (self->reading);
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    tw_reading_key_text (self->reading, parts[i]);
  tw_reading_key_number (self->reading, line->kind);
  tw_reading_key_number (self->reading, line->gross);
  tw_reading_key_number (self->reading, line->net);
  tw_reading_key_number (self->reading, line->occurred_us);
  line->key = tw_reading_key (self->reading);
}

/* The last four digits of what may be a masked number. */
static TwChars
tail_of (TwChars card)
{
  for (guint i = 0; i < 4; i++)
    if (card.n < 4 || !g_ascii_isdigit (card.text[card.n - 1 - i]))
      return (TwChars) { "", 0 };

  return (TwChars) { card.text + card.n - 4, 4 };
}

static gboolean
read_row (gpointer   format,
          GError   **error)
{
  Mapped *self = format;
  const TwTable *table = self->mapped->table;
  const int *at = self->at;
  TwSettled line = {
    .origin = { self->reading->index, tw_table_line (table) }, .source = self->source,
    .account = at[ACCOUNT] < 0 ? self->account : tw_table_cell (table, at[ACCOUNT]),
    .payment_ref = tw_table_cell (table, at[REFERENCE]), .psp_ref = tw_table_cell (table, at[PSP]),
    .change_ref = tw_table_cell (table, at[CHANGE]), .related_ref = tw_table_cell (table, at[RELATED]),
    .settlement_ref = tw_table_cell (table, at[SETTLEMENT]), .terminal = tw_table_cell (table, at[TERMINAL]),
    .trace = tw_table_cell (table, at[TRACE]), .slip = tw_table_cell (table, at[SLIP]),
    .approval = tw_table_cell (table, at[APPROVAL]), .tail = tail_of (tw_table_cell (table, at[CARD])),
    .method = tw_table_cell (table, at[METHOD]), .raw_kind = tw_table_cell (table, at[KIND]),
    .batch = tw_table_cell (table, at[BATCH]), .bank_trace = tw_table_cell (table, at[BANK_TRACE]),
    .dispute_fee = TW_NOT_STATED, .day = G_MININT32,
  };

  if (!read_kind (self, &line.kind, error)
      || !tw_mapped_time (self->mapped, at[TIME], &line.occurred_us, error)
      || !tw_mapped_time (self->mapped, at[AVAILABLE], &line.available_us, error)
      || !read_amounts (self, &line, error))
    return FALSE;
  if (line.occurred_us == TW_NOT_STATED)
    return tw_table_refuse (table, at[TIME], error, "empty");
  if (line.kind == TW_SETTLED_CHARGEBACK)
    line.dispute_fee = line.fee;
  make_key (self, &line);

  return tw_reading_line (self->reading, &line, tw_table_bytes_read (table), tw_table_size (table), error);
}

static gboolean
prepare (Mapped  *self,
         GError **error)
{
  const char *name = tw_mapping_get (self->mapping, "mapping", "name");
  const char *account = tw_mapping_get (self->mapping, "constants", "account");
  const char *kind = tw_mapping_get (self->mapping, "constants", "kind");
  char currency[4];

  for (guint i = 0; i < N_COLUMNS; i++)
    if (!tw_mapped_column (self->mapped, keys[i].key, &self->at[i], error))
      return FALSE;
  if (self->at[KIND] < 0 && !kind_by_name (kind, &self->constant_kind))
    return tw_mapping_refuse (self->mapping, "columns", "kind", error, "neither a column nor [constants] kind");
  if (self->at[CURRENCY] < 0 && !tw_mapped_currency (self->mapped, -1, currency, error))
    return FALSE;
  if (self->at[GROSS] < 0 && self->at[GROSS_CREDIT] < 0 && self->at[NET] < 0)
    return tw_mapping_refuse (self->mapping, "columns", "gross", error, "neither gross, gross-credit nor net");
  for (guint i = 0; i < TW_N_SETTLED_KINDS; i++)
    self->has_kinds |= tw_mapping_get (self->mapping, "kinds", kinds[i].name) != NULL;
  self->source = (TwChars) { name, strlen (name) };
  self->account = (TwChars) { account ? account : "", account ? strlen (account) : 0 };
  self->by_kind = tw_mapping_is (self->mapping, "file", "direction", "kind");
  self->signed_fee = tw_mapping_is (self->mapping, "file", "fee", "signed");

  return TRUE;
}

TW_READER (tw_read_mapped_settlement)
{
  g_autoptr (TwMapping) mapping = NULL;
  g_autoptr (GString) word = g_string_new (NULL);
  g_auto (TwMapped) mapped = { 0 };
  g_auto (TwReading) reading = { 0 };
  Mapped self = { .reading = &reading, .mapped = &mapped, .last_word = word };

  tw_reading_init (&reading, path, index, intake, import);
  if (profile->mapping == NULL)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s: a CSV of any service needs a mapping file: --mapping FILE",
                   path);
      return FALSE;
    }
  mapping = tw_mapping_load (profile->mapping, keys, G_N_ELEMENTS (keys), error);
  self.mapping = mapping;
  if (mapping == NULL || !tw_mapped_open (&mapped, mapping, path, profile, error) || !prepare (&self, error)
      || !tw_reading_rows (mapped.table, read_row, &self, error))
    return tw_mapping_name_both (profile->mapping, path, error);
  tw_reading_end (&reading, mapped.table, "csv");

  return TRUE;
}
