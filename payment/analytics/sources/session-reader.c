/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/analytics/sources/session-inside.h"

#include "app/base/error.h"
#include "payment/analytics/sources/stranger.h"

static gboolean
is_ours (const TwSessionReader *self,
         int                    column)
{
  if (self->foreign != NULL)
    return tw_foreign_uses (self->foreign, column);
  for (guint i = 0; i < TW_N_SESSION_COLUMNS; i++)
    if (self->at[i] == column)
      return TRUE;
  return FALSE;
}

static gboolean
find_columns (TwSessionReader  *self,
              GError          **error)
{
  if (self->foreign ? !tw_foreign_find (self->foreign, self->header, error)
                    : !tw_session_columns_find (self->header, self->path, self->terms.time_zone != NULL, self->at,
                                                error))
    return FALSE;
  for (guint i = 0; self->foreign && i < TW_N_SESSION_COLUMNS; i++)
    self->at[i] = tw_foreign_column (self->foreign, i);
  for (int i = 0; i < (int) self->n_cells; i++)
    if (!is_ours (self, i) && *tw_header_column_name (self->header, i) != '\0')
      g_array_append_val (self->others, i);
  return TRUE;
}

static TwSessionReader *
reader_new (const char         *path,
            const TwFeedTerms  *terms,
            GError            **error)
{
  g_autoptr (TwSessionReader) self = g_new0 (TwSessionReader, 1);

  self->path = g_strdup (path);
  self->terms = *terms;
  self->others = g_array_new (FALSE, FALSE, sizeof (int));
  self->refusal = g_string_new (NULL);
  self->zones = tw_zones_new (NULL, error);
  if (terms->time_zone != NULL && !tw_session_reader_is_zone (self, tw_value_chars (terms->time_zone)))
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "time zone \"%s\" is not known: expected an IANA name such as "
                   "Europe/Berlin", terms->time_zone);
      return NULL;
    }
  if (terms->mapping != NULL)
    self->foreign = tw_foreign_new (terms->mapping, terms->time_zone, error);
  return terms->mapping == NULL || self->foreign != NULL ? g_steal_pointer (&self) : NULL;
}

TwSessionReader *
tw_session_reader_open (const char         *path,
                        const TwFeedTerms  *terms,
                        guint64             end,
                        GError            **error)
{
  static const char *const ours[] = { "session_id", "plug_in", "energy_kwh", NULL };
  g_autoptr (TwSessionReader) self = reader_new (path, terms, error);
  g_auto (GStrv) theirs = self && self->foreign ? tw_foreign_header (self->foreign) : NULL;
  const char *const *has = theirs ? (const char *const *) theirs : ours;
  TwHeaderPlace place;

  if (self == NULL)
    return NULL;
  self->rows = tw_rows_open_part (path, 0, end, error);
  if (self->rows == NULL || !tw_stranger_refuse (tw_rows_peek (self->rows), path, error)
      || !tw_header_find (tw_rows_peek (self->rows), path, has, &place, error))
    return NULL;
  tw_rows_begin (self->rows, place.offset, place.line, place.delimiter);
  if (!tw_rows_next (self->rows, error))
    return NULL;
  self->owns_header = TRUE;
  self->delimiter = place.delimiter;
  self->n_cells = tw_rows_n_cells (self->rows);
  self->header = tw_header_new (self->rows, path, self->foreign != NULL, error);
  if (self->header == NULL || !find_columns (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

TwSessionReader *
tw_session_reader_open_part (const TwSessionReader  *first,
                             guint64                 begin,
                             guint64                 end,
                             guint64                 line,
                             GError                **error)
{
  g_autoptr (TwSessionReader) self = reader_new (first->path, &first->terms, error);

  if (self == NULL)
    return NULL;
  self->header = first->header;
  self->n_cells = first->n_cells;
  memcpy (self->at, first->at, sizeof self->at);
  self->rows = tw_rows_open_part (self->path, begin, end, error);
  if (self->rows == NULL || (self->foreign && !tw_foreign_find (self->foreign, self->header, error)))
    return NULL;
  tw_rows_begin (self->rows, 0, line, first->delimiter);
  return g_steal_pointer (&self);
}

void
tw_session_reader_free (TwSessionReader *self)
{
  if (self == NULL)
    return;
  tw_rows_free (self->rows);
  tw_foreign_free (self->foreign);
  if (self->owns_header)
    tw_header_free (self->header);
  g_clear_pointer (&self->zones, tw_zones_free);
  g_array_unref (self->others);
  g_string_free (self->refusal, TRUE);
  g_free (self->path);
  g_free (self);
}

TwRead
tw_session_reader_next (TwSessionReader  *self,
                        TwSessionRow     *row,
                        GError          **error)
{
  g_autoptr (GError) wrong = NULL;

  if (tw_rows_next (self->rows, &wrong))
    return tw_session_reader_take (self, row) ? TW_READ_ROW : TW_READ_REFUSED;
  if (wrong == NULL)
    return TW_READ_END;
  if (tw_rows_may_go_on (self->rows))
    {
      g_string_assign (self->refusal, wrong->message);
      return TW_READ_REFUSED;
    }
  g_propagate_error (error, g_steal_pointer (&wrong));
  return TW_READ_ERROR;
}

const char *
tw_session_reader_refusal (const TwSessionReader *self)
{
  return self->refusal->str;
}

guint64
tw_session_reader_line (const TwSessionReader *self)
{
  return tw_rows_line (self->rows);
}

guint64
tw_session_reader_bytes_read (const TwSessionReader *self)
{
  return tw_rows_bytes_read (self->rows);
}

TwChars
tw_session_reader_cell (const TwSessionReader *self,
                        TwSessionColumn        column)
{
  return self->cells[column];
}

guint
tw_session_reader_n_others (const TwSessionReader *self)
{
  return self->others->len;
}

const char *
tw_session_reader_other_name (const TwSessionReader *self,
                              guint                  i)
{
  return tw_header_column_name (self->header, g_array_index (self->others, int, i));
}

TwChars
tw_session_reader_other (const TwSessionReader *self,
                         guint                  i)
{
  return tw_rows_cell (self->rows, (guint) g_array_index (self->others, int, i));
}

gboolean
tw_session_reader_is_foreign (const TwSessionReader *self)
{
  return self->foreign != NULL;
}

gboolean
tw_session_reader_is_windows (const TwSessionReader *self)
{
  return tw_rows_is_windows (self->rows);
}
