/* SPDX-License-Identifier: Apache-2.0 */
/* A bank's CSV by a mapping ("bank-csv"). */
#include "payment/reconcile/readers/formats.h"
#include "payment/reconcile/readers/mapping.h"

#include "app/base/error.h"

#include <string.h>

enum
{
  BOOKED, VALUE, AMOUNT, CREDIT, DEBIT, DIRECTION, CURRENCY, ACCOUNT, STATEMENT, REFERENCE, END_TO_END, TRACE,
  COUNTERPARTY, STATUS, TEXT, TEXT_2, TEXT_3, ORIGINAL, ORIGINAL_CURRENCY, RATE, CHARGES, N_COLUMNS
};

#define COLUMN(key) { "columns", key, NULL, FALSE }

/* The first of them are the columns, in their order. */
static const TwMappingKey keys[] = {
  [BOOKED] = { "columns", "booked", NULL, TRUE }, [VALUE] = COLUMN ("value"), [AMOUNT] = COLUMN ("amount"),
  [CREDIT] = COLUMN ("credit"), [DEBIT] = COLUMN ("debit"), [DIRECTION] = COLUMN ("direction"),
  [CURRENCY] = COLUMN ("currency"), [ACCOUNT] = COLUMN ("account"), [STATEMENT] = COLUMN ("statement"),
  [REFERENCE] = COLUMN ("reference"), [END_TO_END] = COLUMN ("end-to-end"), [TRACE] = COLUMN ("trace"),
  [COUNTERPARTY] = COLUMN ("counterparty"), [STATUS] = COLUMN ("status"), [TEXT] = COLUMN ("text"),
  [TEXT_2] = COLUMN ("text-2"), [TEXT_3] = COLUMN ("text-3"), [ORIGINAL] = COLUMN ("original-amount"),
  [ORIGINAL_CURRENCY] = COLUMN ("original-currency"), [RATE] = COLUMN ("rate"), [CHARGES] = COLUMN ("charges"),
  { "mapping", "format", "bank-csv", TRUE }, { "mapping", "name", NULL, TRUE },
  { "file", "header", NULL, FALSE }, { "file", "decimal", "point comma", FALSE },
  { "file", "thousands", "none point comma blank apostrophe", FALSE }, { "file", "date-format", NULL, FALSE },
  { "file", "rate", "original account", FALSE },
  { "constants", "currency", NULL, FALSE }, { "constants", "account", NULL, FALSE },
  { "directions", "credit", NULL, FALSE }, { "directions", "debit", NULL, FALSE },
  { "statuses", "booked", NULL, FALSE }, { "statuses", "pending", NULL, FALSE },
};

typedef struct
{
  TwReading *reading;
  const TwMapping *mapping;
  TwMapped *mapped;
  TwChars account;
  GString *text, *joined;
  guint64 n_pending;
  int at[N_COLUMNS];
} Mapped;

/* Without a sign, by a word in a column of its own. */
static gboolean
apply_word (Mapped    *self,
            TwCredit  *credit,
            GError   **error)
{
  const char *word = tw_mapping_word (self->mapping, "directions", tw_table_cell (self->mapped->table,
                                                                                  self->at[DIRECTION]));

  if (word == NULL)
    return tw_table_refuse (self->mapped->table, self->at[DIRECTION], error, "in no list of [directions]");
  if (credit->amount < 0)
    return tw_table_refuse (self->mapped->table, self->at[AMOUNT], error, "negative, where a column is the direction");
  if (strcmp (word, "debit") == 0)
    credit->amount = -credit->amount;

  return TRUE;
}

static gboolean
read_sides (Mapped    *self,
            TwCredit  *credit,
            GError   **error)
{
  gint64 sides[2];

  for (guint i = 0; i < 2; i++)
    {
      const int column = self->at[i == 0 ? CREDIT : DEBIT];

      if (!tw_mapped_money (self->mapped, column, credit->currency, &sides[i], error))
        return FALSE;
      /* Banks write a debit with a minus or without one, and always in the debit's column. */
      sides[i] = sides[i] == TW_NOT_STATED ? 0 : i == 1 ? ABS (sides[i]) : sides[i];
    }
  if (sides[0] != 0 && sides[1] != 0)
    return tw_table_refuse (self->mapped->table, self->at[DEBIT], error, "a debit, and a credit too");
  if (sides[0] < 0)
    return tw_table_refuse (self->mapped->table, self->at[CREDIT], error,
                            "negative, where the column is the direction");
  if (sides[0] == 0 && sides[1] == 0 && tw_table_cell (self->mapped->table, self->at[CREDIT]).n == 0
      && tw_table_cell (self->mapped->table, self->at[DEBIT]).n == 0)
    return tw_table_refuse (self->mapped->table, self->at[CREDIT], error, "neither a credit nor a debit");
  credit->amount = sides[0] - sides[1];

  return TRUE;
}

static gboolean
read_amount (Mapped    *self,
             TwCredit  *credit,
             GError   **error)
{
  if (!tw_mapped_currency (self->mapped, self->at[CURRENCY], credit->currency, error))
    return FALSE;
  if (self->at[AMOUNT] < 0)
    return read_sides (self, credit, error);
  if (!tw_mapped_money (self->mapped, self->at[AMOUNT], credit->currency, &credit->amount, error))
    return FALSE;
  if (credit->amount == TW_NOT_STATED)
    return tw_table_refuse (self->mapped->table, self->at[AMOUNT], error, "empty");

  return self->at[DIRECTION] < 0 || apply_word (self, credit, error);
}

/* Signs are the bank's fancy here: what came goes the way of what was booked, and charges are a cost. */
static gboolean
read_original (Mapped    *self,
               TwCredit  *credit,
               GError   **error)
{
  const TwTable *table = self->mapped->table;
  gint64 amount = TW_NOT_STATED;

  if (tw_table_cell (table, self->at[ORIGINAL_CURRENCY]).n == 0)
    return TRUE;
  if (!tw_table_currency (table, self->at[ORIGINAL_CURRENCY], credit->original_currency, error)
      || !tw_mapped_money (self->mapped, self->at[ORIGINAL], credit->original_currency, &amount, error)
      || !tw_mapped_rate (self->mapped, self->at[RATE], &credit->rate_e10, error))
    return FALSE;
  if (strcmp (credit->original_currency, credit->currency) == 0)
    {
      memset (credit->original_currency, 0, sizeof credit->original_currency);
      credit->rate_e10 = 0;
      return TRUE;
    }
  amount = amount == TW_NOT_STATED ? 0 : ABS (amount);
  credit->original = credit->amount < 0 ? -amount : amount;
  credit->rate_of_credit = tw_mapping_is (self->mapping, "file", "rate", "account");

  return TRUE;
}

static gboolean
read_charges (Mapped    *self,
              TwCredit  *credit,
              GError   **error)
{
  gint64 charges = TW_NOT_STATED;

  if (!tw_mapped_money (self->mapped, self->at[CHARGES], credit->currency, &charges, error))
    return FALSE;
  credit->charges = charges == TW_NOT_STATED ? 0 : ABS (charges);

  return TRUE;
}

static void
read_texts (Mapped   *self,
            TwCredit *credit)
{
  g_string_truncate (self->text, 0);
  g_string_truncate (self->joined, 0);
  for (int i = TEXT; i <= TEXT_3; i++)
    {
      const TwChars cell = tw_table_cell (self->mapped->table, self->at[i]);

      if (cell.n > 0 && self->text->len > 0)
        g_string_append_c (self->text, ' ');
      g_string_append_len (self->text, cell.text, cell.n);
      g_string_append_len (self->joined, cell.text, cell.n);
    }
  credit->remittance = (TwChars) { self->text->str, self->text->len };
  credit->joined = (TwChars) { self->joined->str, self->joined->len };
}

static void
make_key (Mapped   *self,
          TwCredit *credit)
{
  const TwChars reference = tw_table_cell (self->mapped->table, self->at[REFERENCE]);

  tw_reading_key_begin (self->reading);
  tw_reading_key_text (self->reading, credit->account);
  tw_reading_key_text (self->reading, reference.n > 0 ? reference : credit->joined);
  tw_reading_key_text (self->reading, (TwChars) { credit->currency, 3 });
  tw_reading_key_number (self->reading, credit->amount);
  tw_reading_key_number (self->reading, credit->booked_day);
  credit->key = tw_reading_key (self->reading);
}

/* FALSE without error: pending. */
static gboolean
is_booked (Mapped   *self,
           gboolean *booked,
           GError  **error)
{
  const TwChars cell = tw_table_cell (self->mapped->table, self->at[STATUS]);
  const char *word = self->at[STATUS] < 0 ? "booked" : tw_mapping_word (self->mapping, "statuses", cell);

  if (word == NULL)
    return tw_table_refuse (self->mapped->table, self->at[STATUS], error, "in no list of [statuses]");
  *booked = strcmp (word, "booked") == 0;
  self->n_pending += !*booked;

  return TRUE;
}

static gboolean
read_row (gpointer   format,
          GError   **error)
{
  Mapped *self = format;
  const TwTable *table = self->mapped->table;
  TwCredit credit = {
    .origin = { self->reading->index, tw_table_line (table) },
    .account = self->at[ACCOUNT] < 0 ? self->account : tw_table_cell (table, self->at[ACCOUNT]),
    .statement = tw_table_cell (table, self->at[STATEMENT]),
    .end_to_end = tw_table_cell (table, self->at[END_TO_END]), .bank_trace = tw_table_cell (table, self->at[TRACE]),
    .counterparty = tw_table_cell (table, self->at[COUNTERPARTY]),
  };
  gboolean booked = FALSE;

  if (!is_booked (self, &booked, error))
    return FALSE;
  if (!booked)
    return TRUE;
  if (!tw_mapped_day (self->mapped, self->at[BOOKED], &credit.booked_day, error)
      || !tw_mapped_day (self->mapped, self->at[VALUE], &credit.value_day, error)
      || !read_amount (self, &credit, error) || !read_original (self, &credit, error)
      || !read_charges (self, &credit, error))
    return FALSE;
  if (credit.booked_day == G_MININT32)
    return tw_table_refuse (table, self->at[BOOKED], error, "empty");
  read_texts (self, &credit);
  make_key (self, &credit);

  return tw_reading_credit (self->reading, &credit, tw_table_bytes_read (table), tw_table_size (table), error);
}

static gboolean
prepare (Mapped  *self,
         GError **error)
{
  const char *account = tw_mapping_get (self->mapping, "constants", "account");
  char currency[4];

  for (guint i = 0; i < N_COLUMNS; i++)
    if (!tw_mapped_column (self->mapped, keys[i].key, &self->at[i], error))
      return FALSE;
  if (self->at[AMOUNT] < 0 && (self->at[CREDIT] < 0 || self->at[DEBIT] < 0))
    return tw_mapping_refuse (self->mapping, "columns", "amount", error, "neither amount nor both credit and debit");
  if (self->at[ACCOUNT] < 0 && account == NULL)
    return tw_mapping_refuse (self->mapping, "columns", "account", error, "neither a column nor [constants] account");
  if (self->at[CURRENCY] < 0 && !tw_mapped_currency (self->mapped, -1, currency, error))
    return FALSE;
  self->account = (TwChars) { account ? account : "", account ? strlen (account) : 0 };

  return TRUE;
}

TW_READER (tw_read_mapped_bank)
{
  g_autoptr (TwMapping) mapping = NULL;
  g_autoptr (GString) text = g_string_new (NULL), joined = g_string_new (NULL);
  g_auto (TwMapped) mapped = { 0 };
  g_auto (TwReading) reading = { 0 };
  Mapped self = { .reading = &reading, .mapped = &mapped, .text = text, .joined = joined };

  tw_reading_init (&reading, path, index, intake, import);
  if (profile->mapping == NULL)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s: a bank's CSV needs a mapping file: --bank-mapping FILE",
                   path);
      return FALSE;
    }
  mapping = tw_mapping_load (profile->mapping, keys, G_N_ELEMENTS (keys), error);
  self.mapping = mapping;
  if (mapping == NULL || !tw_mapped_open (&mapped, mapping, path, profile, error) || !prepare (&self, error)
      || !tw_reading_rows (mapped.table, read_row, &self, error))
    return tw_mapping_name_both (profile->mapping, path, error);
  if (self.n_pending > 0)
    tw_reading_note (&reading, "%s: %" G_GUINT64_FORMAT " entries are not booked yet and were left out", path,
                     self.n_pending);
  tw_reading_end (&reading, mapped.table, "bank-csv");

  return TRUE;
}
