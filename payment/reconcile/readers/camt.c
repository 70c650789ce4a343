/* SPDX-License-Identifier: Apache-2.0 */
/* ISO 20022 camt.053 and camt.054 (facts: settlement-files.md section 4). One credit an entry, as the bank booked it:
 * a collective booking is one, with all its texts. Its key does not tell statement from notification, so that one and
 * the same entry can be seen in both.
 */
#include "payment/reconcile/readers/formats.h"

#include "app/base/bytes.h"
#include "app/base/error.h"
#include "payment/money/money.h"
#include "payment/reconcile/readers/cell.h"
#include "payment/reconcile/readers/entry.h"
#include "payment/reconcile/readers/statement.h"
#include "payment/reconcile/readers/xml.h"

#include <string.h>

#define NAMESPACE "urn:iso:std:iso:20022:tech:xsd:"

static const struct { const char *namespace_, *format, *root; } versions[] = {
  { NAMESPACE "camt.053.001.02", "camt.053", "/Document/BkToCstmrStmt/Stmt" },
  { NAMESPACE "camt.053.001.08", "camt.053", "/Document/BkToCstmrStmt/Stmt" },
  { NAMESPACE "camt.053.001.13", "camt.053", "/Document/BkToCstmrStmt/Stmt" },
  { NAMESPACE "camt.054.001.02", "camt.054", "/Document/BkToCstmrDbtCdtNtfctn/Ntfctn" },
  { NAMESPACE "camt.054.001.08", "camt.054", "/Document/BkToCstmrDbtCdtNtfctn/Ntfctn" },
  { NAMESPACE "camt.054.001.13", "camt.054", "/Document/BkToCstmrDbtCdtNtfctn/Ntfctn" },
};

typedef struct
{
  TwReading *reading;
  TwXml *xml;
  guint version;                 /* index; G_N_ELEMENTS: not known yet */
  gsize root_n;
  TwStatements *statements;
  TwStatement statement;
  TwEntryText entry;
  guint64 n_entries, n_statements, n_unbooked;
  GString *balance_code, *balance_amount;
  char balance_currency[4];
  gboolean balance_is_credit;
  GString *told_credits, *told_debits;
} Camt;

static gboolean
refuse (Camt       *self,
        gboolean    of_entry,
        const char *what,
        GError    **error)
{
  g_autofree char *id = tw_text_printable (self->statement.id->str, 40);
  g_autofree char *entry = of_entry ? g_strdup_printf (", entry %" G_GUINT64_FORMAT, self->n_entries) : g_strdup ("");

  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s, line %" G_GUINT64_FORMAT ", statement \"%s\"%s: %s",
               self->reading->path, tw_xml_line (self->xml), id, entry, what);

  return FALSE;
}

/* Takes what is wrong, if anything is. */
static gboolean
refuse_taken (Camt      *self,
              gboolean   of_entry,
              gboolean   fine,
              char      *what,
              GError   **error)
{
  g_autofree char *owned = what;

  return fine || refuse (self, of_entry, owned, error);
}

static gboolean
check_namespace (Camt    *self,
                 GError **error)
{
  const char *found = tw_xml_namespace (self->xml);
  g_autofree char *printable = tw_text_printable (found, 80);

  for (self->version = 0; self->version < G_N_ELEMENTS (versions); self->version++)
    if (strcmp (found, versions[self->version].namespace_) == 0)
      {
        self->root_n = strlen (versions[self->version].root);
        return TRUE;
      }
  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s: namespace \"%s\" is not one that we know: accepted are "
               "camt.053 and camt.054 in the versions 001.02, 001.08 and 001.13", self->reading->path, printable);

  return FALSE;
}

/* What the path says below the statement; NULL: it is not below one. */
static const char *
below (const Camt *self,
       const char *path)
{
  const char *root = versions[self->version].root;

  if (strncmp (path, root, self->root_n) != 0 || (path[self->root_n] != '/' && path[self->root_n] != '\0'))
    return NULL;

  return path + self->root_n;
}

static gboolean
on_begin (gpointer     data,
          const char  *path,
          GError     **error)
{
  Camt *self = data;
  const char *inside;

  if (self->version == G_N_ELEMENTS (versions) && !check_namespace (self, error))
    return FALSE;
  inside = below (self, path);
  if (inside == NULL)
    return TRUE;
  if (*inside == '\0')
    {
      tw_statement_begin (&self->statement);
      g_string_truncate (self->told_credits, 0);
      g_string_truncate (self->told_debits, 0);
    }
  else if (strcmp (inside, "/Bal") == 0)
    {
      g_string_truncate (self->balance_code, 0);
      g_string_truncate (self->balance_amount, 0);
      self->balance_currency[0] = '\0';
    }
  else if (strcmp (inside, "/Ntry") == 0)
    tw_entry_text_begin (&self->entry, ++self->n_entries);
  else if (g_str_has_prefix (inside, "/Ntry/"))
    tw_entry_text_begin_element (&self->entry, inside + strlen ("/Ntry"));

  return TRUE;
}

static void
set (GString *text,
     TwChars  chars)
{
  g_string_truncate (text, 0);
  g_string_append_len (text, chars.text, chars.n);
}

static gboolean
read_number (Camt    *self,
             TwChars  text,
             gint64  *number,
             GError **error)
{
  const char *why;

  return tw_cell_integer (text, number, &why) || refuse (self, FALSE, "a number that is none", error);
}

static gboolean
on_balance_leaf (Camt       *self,
                 const char *inside,
                 TwChars     text)
{
  if (strcmp (inside, "/Bal/Tp/CdOrPrtry/Cd") == 0)
    set (self->balance_code, text);
  else if (strcmp (inside, "/Bal/Amt") == 0)
    set (self->balance_amount, text);
  else if (strcmp (inside, "/Bal/Amt/@Ccy") == 0 && text.n == 3)
    memcpy (self->balance_currency, text.text, 3);
  else if (strcmp (inside, "/Bal/CdtDbtInd") == 0)
    self->balance_is_credit = tw_cell_is (text, "CRDT");

  return TRUE;
}

static gboolean
on_statement_leaf (Camt        *self,
                   const char  *inside,
                   TwChars      text,
                   GError     **error)
{
  TwStatement *statement = &self->statement;

  if (strcmp (inside, "/Id") == 0)
    set (statement->id, text);
  else if (strcmp (inside, "/Acct/Id/IBAN") == 0 || strcmp (inside, "/Acct/Id/Othr/Id") == 0)
    set (statement->account, text);
  else if (strcmp (inside, "/Acct/Ccy") == 0 && text.n == 3)
    memcpy (statement->currency, text.text, 3);
  else if (strcmp (inside, "/ElctrncSeqNb") == 0 || (strcmp (inside, "/LglSeqNb") == 0
                                                     && statement->number == TW_NOT_STATED))
    return read_number (self, text, &statement->number, error);
  else if (strcmp (inside, "/TxsSummry/TtlCdtNtries/NbOfNtries") == 0)
    return read_number (self, text, &statement->told_n_credits, error);
  else if (strcmp (inside, "/TxsSummry/TtlDbtNtries/NbOfNtries") == 0)
    return read_number (self, text, &statement->told_n_debits, error);
  else if (strcmp (inside, "/TxsSummry/TtlCdtNtries/Sum") == 0)
    set (self->told_credits, text);
  else if (strcmp (inside, "/TxsSummry/TtlDbtNtries/Sum") == 0)
    set (self->told_debits, text);

  return TRUE;
}

static gboolean
on_leaf (gpointer     data,
         const char  *path,
         TwChars      text,
         GError     **error)
{
  Camt *self = data;
  const char *inside = self->version < G_N_ELEMENTS (versions) ? below (self, path) : NULL;
  gboolean fine;
  char *what;

  if (inside == NULL)
    return TRUE;
  if (g_str_has_prefix (inside, "/Bal/"))
    return on_balance_leaf (self, inside, text);
  if (!g_str_has_prefix (inside, "/Ntry/"))
    return on_statement_leaf (self, inside, text, error);
  fine = tw_entry_text_leaf (&self->entry, inside + strlen ("/Ntry"), text, &what);

  return refuse_taken (self, TRUE, fine, what, error);
}

/* The account's currency is that of its balances and entries. */
static gboolean
check_currency (Camt        *self,
                const char  *currency,
                GError     **error)
{
  if (self->statement.currency[0] == '\0')
    memcpy (self->statement.currency, currency, 4);

  return strcmp (self->statement.currency, currency) == 0
      || refuse (self, FALSE, "two currencies in one account", error);
}

/* Only booked balances: an available one has other entries in it. */
static gboolean
end_balance (Camt    *self,
             GError **error)
{
  const char *code = self->balance_code->str;
  const gboolean opening = strcmp (code, "OPBD") == 0, before = strcmp (code, "PRCD") == 0;
  gint64 minor = 0;
  gboolean fine;
  char *what = NULL;

  if (!opening && !before && strcmp (code, "CLBD") != 0)
    return TRUE;
  fine = tw_amount_parse ((TwChars) { self->balance_amount->str, self->balance_amount->len }, self->balance_currency,
                          &minor, &what);
  if (!refuse_taken (self, FALSE, fine, what, error) || !check_currency (self, self->balance_currency, error))
    return FALSE;
  minor = self->balance_is_credit ? minor : -minor;
  if (opening || (before && self->statement.opening == TW_NOT_STATED))
    self->statement.opening = minor;
  else if (!before)
    self->statement.closing = minor;

  return TRUE;
}

/* Banks use a reference again: amount and day belong to the key (facts: reconciliation.md section 11). */
static void
make_key (Camt     *self,
          TwCredit *credit)
{
  TwEntryText *entry = &self->entry;
  const GString *references[] = { entry->reference, entry->transaction_reference, entry->own_reference,
                                  entry->end_to_end, entry->joined };
  guint i = 0;

  while (i < G_N_ELEMENTS (references) - 1
         && (references[i]->len == 0 || strcmp (references[i]->str, "NOTPROVIDED") == 0))
    i++;
  tw_reading_key_begin (self->reading);
  tw_reading_key_text (self->reading, credit->account);
  tw_reading_key_text (self->reading, (TwChars) { references[i]->str, references[i]->len });
  tw_reading_key_text (self->reading, (TwChars) { credit->currency, 3 });
  tw_reading_key_number (self->reading, credit->amount);
  tw_reading_key_number (self->reading, credit->booked_day);
  credit->key = tw_reading_key (self->reading);
}

static gboolean
end_entry (Camt    *self,
           GError **error)
{
  TwCredit credit = {
    .origin = { self->reading->index, self->n_entries },
    .account = { self->statement.account->str, self->statement.account->len },
    .statement = { self->statement.id->str, self->statement.id->len },
    .notification = strcmp (versions[self->version].format, "camt.054") == 0,
  };
  char *what;
  const gboolean fine = tw_entry_text_credit (&self->entry, &credit, &what);

  if (!refuse_taken (self, TRUE, fine, what, error) || !check_currency (self, credit.currency, error))
    return FALSE;
  if (!tw_entry_text_is_booked (&self->entry))
    {
      self->statement.n_unbooked++;
      self->n_unbooked++;
      return TRUE;
    }
  if (credit.booked_day == G_MININT32)
    return refuse (self, TRUE, "booked, and no date of it (BookgDt)", error);
  if (!tw_statement_add (&self->statement, credit.amount))
    return refuse (self, TRUE, "the sum of its entries is too large", error);
  make_key (self, &credit);

  return tw_reading_credit (self->reading, &credit, tw_xml_bytes_read (self->xml), tw_xml_size (self->xml), error);
}

static gboolean
read_told (Camt          *self,
           const GString *text,
           gint64        *minor,
           GError       **error)
{
  char *what = NULL;
  gboolean fine;

  if (text->len == 0)
    return TRUE;
  fine = tw_amount_parse ((TwChars) { text->str, text->len }, self->statement.currency, minor, &what);

  return refuse_taken (self, FALSE, fine, what, error);
}

static gboolean
end_statement (Camt    *self,
               GError **error)
{
  TwStatement *statement = &self->statement;
  g_autofree char *what = NULL, *complaint = NULL;

  self->n_statements++;
  if (statement->id->len == 0 || statement->account->len == 0)
    return refuse (self, FALSE, statement->id->len ? "no account (Acct/Id)" : "no identification (Id)", error);
  if (!read_told (self, self->told_credits, &statement->told_credits, error)
      || !read_told (self, self->told_debits, &statement->told_debits, error))
    return FALSE;
  complaint = tw_statement_check (statement);
  if (complaint)
    return refuse (self, FALSE, complaint, error);
  if (!tw_statements_follow (self->statements, statement, &what))
    return refuse (self, FALSE, what, error);
  if (what)
    tw_reading_note (self->reading, "%s: %s: is one missing?", self->reading->path, what);

  return TRUE;
}

static gboolean
on_end (gpointer     data,
        const char  *path,
        GError     **error)
{
  Camt *self = data;
  const char *inside = self->version < G_N_ELEMENTS (versions) ? below (self, path) : NULL;
  gboolean fine;
  char *what;

  if (inside == NULL)
    return TRUE;
  if (*inside == '\0')
    return end_statement (self, error);
  if (strcmp (inside, "/Bal") == 0)
    return end_balance (self, error);
  if (strcmp (inside, "/Ntry") == 0)
    return end_entry (self, error);
  if (!g_str_has_prefix (inside, "/Ntry/"))
    return TRUE;
  fine = tw_entry_text_end_element (&self->entry, inside + strlen ("/Ntry"), &what);

  return refuse_taken (self, TRUE, fine, what, error);
}

static gboolean
finish (Camt    *self,
        GError **error)
{
  TwImport *import = self->reading->import;

  if (self->n_statements == 0)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s has no statement in it", self->reading->path);
      return FALSE;
    }
  if (self->n_unbooked > 0)
    tw_reading_note (self->reading, "%s: %" G_GUINT64_FORMAT " entries are not booked yet and were left out",
                     self->reading->path, self->n_unbooked);
  import->format = g_strdup (versions[self->version].format);
  tw_xml_digest (self->xml, import->digest);

  return TRUE;
}

TW_READER (tw_read_camt)
{
  static const TwXmlClass class_ = { on_begin, on_leaf, on_end };
  g_autoptr (TwXml) xml = tw_xml_open (path, FALSE, error);
  g_autoptr (TwStatements) statements = tw_statements_new ();
  g_autoptr (GString) code = g_string_new (NULL), amount = g_string_new (NULL), credits = g_string_new (NULL);
  g_autoptr (GString) debits = g_string_new (NULL);
  g_auto (TwReading) reading = { 0 };
  Camt self = { .reading = &reading, .xml = xml, .version = G_N_ELEMENTS (versions), .statements = statements,
                .balance_code = code, .balance_amount = amount, .told_credits = credits, .told_debits = debits };
  gboolean read;

  tw_reading_init (&reading, path, index, intake, import);
  tw_statement_init (&self.statement);
  tw_entry_text_init (&self.entry);
  read = xml && tw_xml_read (xml, &class_, &self, error) && finish (&self, error);
  tw_statement_clear (&self.statement);
  tw_entry_text_clear (&self.entry);

  return read;
}
