/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/lookups.h"

#include <string.h>

#include "app/bench/coins.h"

#define MOST_SEARCHES 100

/* A search that can be asked again. */
typedef struct
{
  char    *id, *query, *code, *transaction;   /* what the query asks for; NULL: does not say */
  gint64   limit, offset;
  gboolean ascending;
} Search;

struct _TwLookups
{
  TwPayments *payments;
  char       *merchant_id;
  gint64      search_lag_us, details_lag_us;
  GPtrArray  *searches;
};

static void
search_free (gpointer data)
{
  Search *search = data;

  g_free (search->id);
  g_free (search->query);
  g_free (search->code);
  g_free (search->transaction);
  g_free (search);
}

TwLookups *
tw_lookups_new (TwPayments *payments,
                const char *merchant_id)
{
  TwLookups *self = g_new0 (TwLookups, 1);

  self->payments = payments;
  self->merchant_id = g_strdup (merchant_id);
  self->searches = g_ptr_array_new_with_free_func (search_free);

  return self;
}

void
tw_lookups_free (TwLookups *self)
{
  if (self == NULL)
    return;
  g_free (self->merchant_id);
  g_ptr_array_unref (self->searches);
  g_free (self);
}

void
tw_lookups_set_lag (TwLookups *self,
                    gint64     search_ms,
                    gint64     details_ms)
{
  self->search_lag_us = search_ms * 1000;
  self->details_lag_us = details_ms * 1000;
}

/* The names of cybersource-ev.md section 9. */
static const char *
application_of (const TwRecord *record)
{
  switch (record->kind)
    {
    case TW_RECORD_AUTHORIZATION:
      return "ics_auth";
    case TW_RECORD_INCREMENT:
      return "ics_incremental_auth";
    case TW_RECORD_CAPTURE:
      return "ics_bill";
    case TW_RECORD_REVERSAL:
      return "ics_auth_reversal";
    case TW_RECORD_VOID:
      return "ics_void";
    case TW_RECORD_REFUND:
      return "ics_credit";
    }

  return "ics_unknown";
}

static const char *
status_of (const TwRecord *record)
{
  const TwPayment *payment = record->payment;

  if (record->kind != TW_RECORD_AUTHORIZATION || payment->declined)
    return record->status;
  if (payment->captured == 0 && payment->authorized > 0 && payment->reversed == payment->authorized)
    return payment->sale ? "VOIDED" : "REVERSED";
  if (payment->expired > 0)
    return "EXPIRED";

  return record->status;
}

static void
put_application (TwJsonOut      *out,
                 const TwRecord *record)
{
  gboolean declined = record->reason != NULL;

  tw_json_out_begin_object (out, NULL);
  tw_json_out_string (out, "name", application_of (record));
  tw_json_out_string (out, "status", status_of (record));
  tw_json_out_string (out, "rCode", declined ? "0" : "1");
  tw_json_out_string (out, "rFlag", declined ? "DCARDREFUSED" : "SOK");
  tw_json_out_string (out, "reasonCode", declined ? "203" : "100");
  tw_json_out_end (out);
}

/* An authorization shows its increments, which have its id. */
static void
put_applications (TwJsonOut      *out,
                  TwLookups      *self,
                  const TwRecord *record)
{
  GPtrArray *records = tw_payments_records (self->payments);

  tw_json_out_begin_object (out, "applicationInformation");
  tw_json_out_string (out, "status", status_of (record));
  tw_json_out_begin_array (out, "applications");
  put_application (out, record);
  for (guint i = 0; record->kind == TW_RECORD_AUTHORIZATION && i < records->len; i++)
    {
      const TwRecord *other = records->pdata[i];

      if (other->kind == TW_RECORD_INCREMENT && other->payment == record->payment)
        put_application (out, other);
    }
  tw_json_out_end (out);
  tw_json_out_end (out);
}

static void
put_payment (TwJsonOut      *out,
             const TwRecord *record)
{
  const TwPayment *payment = record->payment;
  gboolean approved = record->kind == TW_RECORD_AUTHORIZATION && !payment->declined;
  gint64 own = record->amount_minor > 0 ? record->amount_minor : record->asked_minor;
  g_autofree char *total = tw_coin_text (approved ? payment->authorized : own, payment->currency);

  tw_json_out_begin_object (out, "orderInformation");
  tw_json_out_begin_object (out, "amountDetails");
  tw_json_out_string (out, "totalAmount", total);
  tw_json_out_string (out, "currency", payment->currency);
  tw_json_out_end (out);
  tw_json_out_end (out);
  tw_json_out_begin_object (out, "paymentInformation");
  tw_json_out_begin_object (out, "card");
  tw_json_out_string (out, "suffix", payment->last4);
  tw_json_out_string (out, "type", payment->card_type);
  tw_json_out_end (out);
  tw_json_out_end (out);
}

/* What details and summaries have in common. */
static void
put_record (TwJsonOut      *out,
            TwLookups      *self,
            const TwRecord *record,
            const char     *time_name)
{
  g_autofree char *time = tw_answer_time (record->at_us);

  tw_json_out_string (out, "id", record->id);
  tw_json_out_string (out, time_name, time);
  tw_json_out_string (out, "merchantId", self->merchant_id);
  put_applications (out, self, record);
  /* No transactionId here: the real service's models of both answers have none. */
  tw_json_out_begin_object (out, "clientReferenceInformation");
  tw_json_out_string (out, "code", record->code);
  tw_json_out_end (out);
  if (record->payment != NULL)
    put_payment (out, record);
  tw_json_out_begin_object (out, "processorInformation");
  tw_json_out_string (out, "approvalCode", record->approval_code);
  tw_json_out_string (out, "responseCode", record->response_code);
  tw_json_out_end (out);
}

static TwAnswer
refuse (const TwWish *wish,
        guint         http,
        const char   *reason,
        const char   *message,
        gint64        now_us)
{
  const TwVerdict verdict = { .http = http, .status = "INVALID_REQUEST", .reason = reason, .message = message };

  return tw_answer_to (wish, &verdict, now_us);
}

static TwAnswer
answer_details (TwLookups    *self,
                const TwWish *wish,
                gint64        now_us)
{
  const TwRecord *record = tw_payments_find (self->payments, wish->id);
  g_autoptr (TwJsonOut) out = NULL;

  if (record == NULL || record->at_us + self->details_lag_us > now_us)
    return refuse (wish, 404, "NOT_FOUND", "No transaction has this id.", now_us);

  out = tw_json_out_new ();
  tw_json_out_begin_object (out, NULL);
  if (record->payment != NULL && strcmp (record->payment->id, record->id) != 0)
    tw_json_out_string (out, "rootId", record->payment->id);
  put_record (out, self, record, "submitTimeUTC");
  tw_json_out_begin_object (out, "_links");
  tw_answer_link (out, "self", "GET", "/tss/v2/transactions/%s", record->id);

  return (TwAnswer){ .http = 200, .body = tw_json_out_finish (out) };
}

/* NULL: more than one word without quotes. */
static char *
unquote (const char *text)
{
  gsize n = strlen (text);

  if (n >= 2 && text[0] == '"' && text[n - 1] == '"')
    return g_strndup (text + 1, n - 2);

  return strpbrk (text, " \"") == NULL ? g_strdup (text) : NULL;
}

/* field:value, joined with " AND ". FALSE: something else. */
static gboolean
understand (Search     *search,
            const char *query)
{
  g_auto (GStrv) terms = g_strsplit (query, " AND ", 10);

  for (guint i = 0; terms[i] != NULL; i++)
    {
      const char *term = g_strstrip (terms[i]);
      const char *colon = strchr (term, ':');
      char **where = NULL;

      if (g_str_has_prefix (term, "clientReferenceInformation.code:"))
        where = &search->code;
      else if (g_str_has_prefix (term, "id:"))
        where = &search->transaction;
      if (where == NULL || *where != NULL || colon[1] == '\0')
        return FALSE;
      *where = unquote (colon + 1);
      if (*where == NULL)
        return FALSE;
    }

  return terms[0] != NULL;
}

static gboolean
is_found (TwLookups      *self,
          const Search   *search,
          const TwRecord *record,
          gint64          now_us)
{
  return record->kind != TW_RECORD_INCREMENT   /* shown with its authorization, whose id it has */
         && record->at_us + self->search_lag_us <= now_us
         && (search->code == NULL || g_strcmp0 (search->code, record->code) == 0)
         && (search->transaction == NULL || strcmp (search->transaction, record->id) == 0);
}

static void
put_summary (TwJsonOut      *out,
             TwLookups      *self,
             const TwRecord *record)
{
  tw_json_out_begin_object (out, NULL);
  put_record (out, self, record, "submitTimeUtc");
  tw_json_out_begin_object (out, "_links");
  tw_answer_link (out, "transactionDetail", "GET", "/tss/v2/transactions/%s", record->id);
  tw_json_out_end (out);
  tw_json_out_end (out);
}

static TwAnswer
answer_search (TwLookups    *self,
               const Search *search,
               guint         http,
               gint64        now_us)
{
  g_autoptr (TwJsonOut) out = tw_json_out_new ();
  g_autoptr (GPtrArray) found = g_ptr_array_new ();
  g_autofree char *time = tw_answer_time (now_us);
  GPtrArray *records = tw_payments_records (self->payments);
  gint64 first = search->offset, last;

  for (guint i = 0; i < records->len; i++)
    {
      TwRecord *record = records->pdata[search->ascending ? i : records->len - 1 - i];

      if (is_found (self, search, record, now_us))
        g_ptr_array_add (found, record);
    }
  last = MIN (first + search->limit, (gint64) found->len);

  tw_json_out_begin_object (out, NULL);
  tw_json_out_string (out, "searchId", search->id);
  tw_json_out_bool (out, "save", FALSE);
  tw_json_out_string (out, "query", search->query);
  tw_json_out_int64 (out, "limit", search->limit);
  tw_json_out_int64 (out, "offset", search->offset);
  tw_json_out_string (out, "sort", search->ascending ? "submitTimeUtc:asc" : "submitTimeUtc:desc");
  tw_json_out_string (out, "timezone", "UTC");
  tw_json_out_int64 (out, "count", MAX (last - first, 0));
  tw_json_out_int64 (out, "totalCount", found->len);
  tw_json_out_string (out, "submitTimeUtc", time);
  tw_json_out_begin_object (out, "_embedded");
  tw_json_out_begin_array (out, "transactionSummaries");
  for (gint64 i = first; i < last; i++)
    put_summary (out, self, found->pdata[i]);
  tw_json_out_end (out);
  tw_json_out_end (out);
  tw_json_out_begin_object (out, "_links");
  tw_answer_link (out, "self", "GET", "/tss/v2/searches/%s", search->id);

  return (TwAnswer){ .http = http, .body = tw_json_out_finish (out) };
}

static TwAnswer
start_search (TwLookups    *self,
              const TwWish *wish,
              gint64        now_us)
{
  Search *search = g_new0 (Search, 1);

  if (!understand (search, wish->query))
    {
      search_free (search);
      return refuse (wish, 400, "INVALID_DATA", "The query must ask for clientReferenceInformation.code or id.",
                     now_us);
    }

  search->id = g_uuid_string_random ();
  search->query = g_strdup (wish->query);
  search->limit = wish->limit;
  search->offset = wish->offset;
  search->ascending = wish->ascending;
  if (self->searches->len >= MOST_SEARCHES)
    g_ptr_array_remove_index (self->searches, 0);
  g_ptr_array_add (self->searches, search);

  return answer_search (self, search, 201, now_us);
}

TwAnswer
tw_lookups_answer (TwLookups    *self,
                   const TwWish *wish,
                   gint64        now_us)
{
  if (wish->act == TW_ACT_READ)
    return answer_details (self, wish, now_us);
  if (wish->act == TW_ACT_SEARCH)
    return start_search (self, wish, now_us);

  for (guint i = 0; i < self->searches->len; i++)
    {
      const Search *search = self->searches->pdata[i];

      if (strcmp (search->id, wish->id) == 0)
        return answer_search (self, search, 200, now_us);
    }

  return refuse (wish, 404, "NOT_FOUND", "No search has this id.", now_us);
}
