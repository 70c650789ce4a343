/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/reconcile/readers/reading.h"

#include "app/base/bytes.h"
#include "app/base/error.h"
#include "payment/reconcile/readers/cell.h"

#include <stdarg.h>
#include <string.h>

enum { ROWS_BETWEEN_LOOKS = 4096 };

void
tw_reading_init (TwReading      *self,
                 const char     *path,
                 guint32         index,
                 const TwIntake *intake,
                 TwImport       *import)
{
  *self = (TwReading) { path, index, intake, import, g_string_new (NULL), FALSE };
}

void
tw_reading_clear (TwReading *self)
{
  g_string_free (g_steal_pointer (&self->key), TRUE);
}

static gboolean
refuse_rows (const TwReading  *self,
             const char       *what,
             GError          **error)
{
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s has %s, which are not wanted here", self->path, what);

  return FALSE;
}

/* An intake knows its files by their numbers; people know them by their paths. */
static gboolean
name_file (const TwReading  *self,
           GError          **error)
{
  g_autofree char *number = g_strdup_printf ("file %u, ", self->index);

  if (error != NULL && *error != NULL && g_str_has_prefix ((*error)->message, number))
    {
      char *named = g_strdup_printf ("%s, %s", self->path, (*error)->message + strlen (number));

      g_free ((*error)->message);
      (*error)->message = named;
    }

  return FALSE;
}

/* taken: what the intake said to the row. */
static gboolean
count (TwReading  *self,
       gboolean    taken,
       gint64      us,
       guint64     done,
       guint64     size,
       GError    **error)
{
  TwImport *import = self->import;
  const TwIntakeClass *class_ = self->intake->class_;

  if (!taken)
    return name_file (self, error);
  import->n_rows++;
  if (us != TW_NOT_STATED)
    {
      import->first_us = import->first_us == TW_NOT_STATED ? us : MIN (import->first_us, us);
      import->last_us = MAX (import->last_us, us);
    }
  if (import->n_rows % ROWS_BETWEEN_LOOKS == 0 && class_->progress
      && !class_->progress (self->intake->self, done, size))
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_STATE, "%s: reading was stopped", self->path);
      return FALSE;
    }

  return TRUE;
}

gboolean
tw_reading_line (TwReading        *self,
                 const TwSettled  *line,
                 guint64           done,
                 guint64           size,
                 GError          **error)
{
  if (self->intake->class_->line == NULL)
    return refuse_rows (self, "settlement lines", error);

  return count (self, self->intake->class_->line (self->intake->self, line, error), line->occurred_us, done, size,
                error);
}

gboolean
tw_reading_credit (TwReading       *self,
                   const TwCredit  *credit,
                   guint64          done,
                   guint64          size,
                   GError         **error)
{
  const gint64 day_us = 24 * 3600 * (gint64) G_USEC_PER_SEC;

  if (self->intake->class_->credit == NULL)
    return refuse_rows (self, "bank entries", error);

  return count (self, self->intake->class_->credit (self->intake->self, credit, error),
                credit->booked_day == G_MININT32 ? TW_NOT_STATED : credit->booked_day * day_us, done, size, error);
}

gboolean
tw_reading_total (TwReading      *self,
                  const TwTotal  *total,
                  guint64         done,
                  guint64         size,
                  GError        **error)
{
  if (self->intake->class_->total == NULL)
    return refuse_rows (self, "terminal totals", error);

  return count (self, self->intake->class_->total (self->intake->self, total, error), total->until_us, done, size,
                error);
}

gboolean
tw_reading_sale (TwReading     *self,
                 const TwSale  *sale,
                 guint64        done,
                 guint64        size,
                 GError       **error)
{
  if (self->intake->class_->sale == NULL)
    return refuse_rows (self, "sales", error);

  return count (self, self->intake->class_->sale (self->intake->self, sale, error), sale->started_us, done, size,
                error);
}

gboolean
tw_reading_energy (TwReading       *self,
                   const TwEnergy  *energy,
                   guint64          done,
                   guint64          size,
                   GError         **error)
{
  if (self->intake->class_->energy == NULL)
    return refuse_rows (self, "meter readings", error);

  return count (self, self->intake->class_->energy (self->intake->self, energy, error), energy->end_us, done, size,
                error);
}

void
tw_reading_note (TwReading  *self,
                 const char *format,
                 ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_ptr_array_add (self->import->notices, g_strdup_vprintf (format, arguments));
  va_end (arguments);
}

void
tw_reading_end (TwReading     *self,
                const TwTable *table,
                const char    *format)
{
  const GPtrArray *notices = tw_table_notices (table);

  for (guint i = 0; i < notices->len; i++)
    g_ptr_array_add (self->import->notices, g_strdup (notices->pdata[i]));
  tw_table_digest (table, self->import->digest);
  self->import->format = g_strdup (format);
}

gboolean
tw_reading_rows (TwTable     *table,
                 TwReadRow    read_row,
                 gpointer     format,
                 GError     **error)
{
  g_autoptr (GError) stop = NULL;

  while (tw_table_next (table, &stop))
    if (!read_row (format, error))
      return FALSE;
  if (stop == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&stop));

  return FALSE;
}

TwTable *
tw_reading_open (const TwReading    *self,
                 const char *const  *header_has,
                 GError            **error)
{
  return (self->again ? tw_table_open_again : tw_table_open) (self->path, header_has, error);
}

gboolean
tw_reading_all (const TwTableFormat  *format,
                const char           *path,
                guint32               index,
                const TwProfile      *profile,
                const TwIntake       *intake,
                TwImport             *import,
                GError              **error)
{
  g_auto (TwReading) reading = { 0 };
  gpointer opened;
  gboolean well;

  tw_reading_init (&reading, path, index, intake, import);
  opened = format->open (&reading, profile, error);
  if (opened == NULL)
    return FALSE;
  well = tw_reading_rows (*(TwTable **) opened, format->read_row, opened, error);
  if (well)
    {
      tw_reading_end (&reading, *(TwTable **) opened, format->name);
      tw_table_stamp (*(TwTable **) opened, &import->stamp);
      if (format->end != NULL)
        format->end (opened);
    }
  format->free (opened);

  return well;
}

void
tw_reading_key_begin (TwReading *self)
{
  g_string_truncate (self->key, 0);
}

void
tw_reading_key_text (TwReading *self,
                     TwChars    text)
{
  GString *key = self->key;

  /* Once it is as long as the longest so far, a key costs its bytes and no more. */
  if (key->allocated_len - key->len < (gsize) text.n + 2)
    {
      const gsize used = key->len;

      g_string_set_size (key, used + text.n + 2);
      key->len = used;
    }
  memcpy (key->str + key->len, text.text, text.n);
  key->str[key->len + text.n] = '\x1f';
  key->len += text.n + 1;
  key->str[key->len] = '\0';
}

void
tw_reading_key_number (TwReading *self,
                       gint64     number)
{
  char digits[24], *p = digits + sizeof digits;
  guint64 rest = number < 0 ? -(guint64) number : (guint64) number;

  do
    *--p = '0' + rest % 10;
  while (rest /= 10);
  if (number < 0)
    *--p = '-';
  tw_reading_key_text (self, (TwChars) { p, digits + sizeof digits - p });
}

TwChars
tw_reading_key (const TwReading *self)
{
  return (TwChars) { self->key->str, self->key->len };
}

gboolean
tw_columns_find (const TwTable   *table,
                 const char      *path,
                 const TwColumn  *columns,
                 guint            n,
                 int             *at,
                 GError         **error)
{
  g_autoptr (GString) missing = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    {
      at[i] = tw_table_column (table, columns[i].names);
      if (at[i] < 0 && columns[i].required)
        g_string_append_printf (missing, "%s\"%s\"", missing->len ? ", " : "", columns[i].names[0]);
    }
  if (missing->len == 0)
    return TRUE;
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s has no column %s: choose it in the report's settings",
               path, missing->str);

  return FALSE;
}

gboolean
tw_table_currency (const TwTable  *table,
                   int             column,
                   char           *currency,
                   GError        **error)
{
  const TwChars cell = tw_table_cell (table, column);
  g_autofree char *copy = NULL, *printable = NULL;

  memset (currency, 0, 4);
  for (guint i = 0; i < 3 && cell.n == 3; i++)
    currency[i] = g_ascii_toupper (cell.text[i]);
  if (tw_cell_digits (currency) >= 0)
    return TRUE;
  copy = g_strndup (cell.text, cell.n);
  printable = tw_text_printable (copy, 20);

  return tw_table_refuse (table, column, error, "\"%s\" is not a currency: expected ISO 4217 letters such as EUR",
                          printable);
}
