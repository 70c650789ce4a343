/* SPDX-License-Identifier: Apache-2.0 */
/* Payment Batch Detail as XML: Report/Batches/Batch/Requests/Request. Its document type has an address outside, which
 * is never asked.
 */
#include "payment/reconcile/readers/cybersource.h"
#include "payment/reconcile/readers/formats.h"

#include "app/base/error.h"
#include "payment/reconcile/readers/xml.h"

#include <string.h>

#define BATCH "/Report/Batches/Batch"
#define REQUEST BATCH "/Requests/Request"

enum
{
  MERCHANT_ID, BATCH_ID, BATCH_DATE, FIRST_OF_REQUEST, REQUEST_ID = FIRST_OF_REQUEST, REFERENCE, TRANSACTION, METHOD,
  CURRENCY, AMOUNT, APPLICATION, REQUEST_DATE, N_LEAVES
};

static const char *const paths[N_LEAVES] = {
  [MERCHANT_ID] = "/Report/@MerchantID",
  [BATCH_ID] = BATCH "/@BatchID",
  [BATCH_DATE] = BATCH "/@BatchDate",
  [REQUEST_ID] = REQUEST "/@RequestID",
  [REFERENCE] = REQUEST "/@MerchantReferenceNumber",
  [TRANSACTION] = REQUEST "/TransactionReferenceNumber",
  [METHOD] = REQUEST "/PaymentMethod",
  [CURRENCY] = REQUEST "/CurrencyCode",
  [AMOUNT] = REQUEST "/Amount",
  [APPLICATION] = REQUEST "/Application",
  [REQUEST_DATE] = REQUEST "/@RequestDate",
};

typedef struct
{
  TwReading *reading;
  TwXml *xml;
  TwZone *zone;
  GString *leaves[N_LEAVES];
  guint64 n_requests;
} Report;

static gboolean
on_begin (gpointer     data,
          const char  *path,
          GError     **error)
{
  Report *self = data;

  /* The attributes come before the element begins, so they are cleared at its end. */
  if (strncmp (path, "/Report", 7) != 0 || (path[7] != '/' && path[7] != '\0'))
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s: not a Cybersource report", self->reading->path);
      return FALSE;
    }

  return TRUE;
}

static gboolean
on_leaf (gpointer     data,
         const char  *path,
         TwChars      text,
         GError     **error)
{
  Report *self = data;

  for (guint i = 0; i < N_LEAVES; i++)
    if (strcmp (path, paths[i]) == 0)
      {
        g_string_truncate (self->leaves[i], 0);
        g_string_append_len (self->leaves[i], text.text, text.n);
      }

  return TRUE;
}

static TwChars
chars (const Report *self,
       guint         leaf)
{
  return (TwChars) { self->leaves[leaf]->str, self->leaves[leaf]->len };
}

static gboolean
end_request (Report  *self,
             GError **error)
{
  const TwCyberRow row = {
    .line = ++self->n_requests, .batch = chars (self, BATCH_ID), .merchant = chars (self, MERCHANT_ID),
    .batch_date = chars (self, BATCH_DATE), .request = chars (self, REQUEST_ID), .reference = chars (self, REFERENCE),
    .transaction_reference = chars (self, TRANSACTION), .method = chars (self, METHOD),
    .currency = chars (self, CURRENCY), .amount = chars (self, AMOUNT), .type = chars (self, APPLICATION),
    .time = chars (self, REQUEST_DATE),
  };
  g_autofree char *what = NULL;
  const TwChars *where;
  TwSettled line;

  if (!tw_cybersource_line (&row, self->zone, self->reading, &line, &where, &what))
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "%s, line %" G_GUINT64_FORMAT ", request %" G_GUINT64_FORMAT
                   ": %s", self->reading->path, tw_xml_line (self->xml), self->n_requests, what);
      return FALSE;
    }
  if (!tw_reading_line (self->reading, &line, tw_xml_bytes_read (self->xml), tw_xml_size (self->xml), error))
    return FALSE;
  for (guint i = FIRST_OF_REQUEST; i < N_LEAVES; i++)
    g_string_truncate (self->leaves[i], 0);

  return TRUE;
}

static gboolean
on_end (gpointer     data,
        const char  *path,
        GError     **error)
{
  return strcmp (path, REQUEST) != 0 || end_request (data, error);
}

TW_READER (tw_read_cybersource_xml)
{
  static const TwXmlClass class_ = { on_begin, on_leaf, on_end };
  g_autoptr (TwXml) xml = tw_xml_open (path, TRUE, error);
  g_autoptr (TwZones) zones = xml ? tw_zones_new (profile->time_zone, error) : NULL;
  g_auto (TwReading) reading = { 0 };
  Report self = { .reading = &reading, .xml = xml };
  gboolean read;

  tw_reading_init (&reading, path, index, intake, import);
  if (zones == NULL)
    return FALSE;
  self.zone = tw_zones_find (zones, (TwChars) { "", 0 });
  for (guint i = 0; i < N_LEAVES; i++)
    self.leaves[i] = g_string_new (NULL);
  read = tw_xml_read (xml, &class_, &self, error);
  for (guint i = 0; i < N_LEAVES; i++)
    g_string_free (self.leaves[i], TRUE);
  if (!read)
    return FALSE;
  tw_xml_digest (xml, import->digest);
  import->format = g_strdup ("cybersource");

  return TRUE;
}
