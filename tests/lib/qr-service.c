/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/lib/qr-inside.h"

#define N_OPERATIONS (TW_OPERATION_RAISE + 1)

typedef struct
{
  gpointer front;
  void   (*changed) (gpointer front);
} Watch;

struct _QrService
{
  TwClock    *clock;
  GPtrArray  *orders;
  GHashTable *acted;        /* keys of operations that had their effect */
  GList      *fronts;       /* of Watch */
  QrEnd       end;
  gint64      after_ms;
  gboolean    ready, hold_answers;
  guint       lose_answers[N_OPERATIONS], lose_requests[N_OPERATIONS], refuse[N_OPERATIONS];
};

TwClock *
qr_service_clock (QrService *self)
{
  return self->clock;
}

gboolean
qr_service_ready (QrService *self)
{
  return self->ready;
}

gboolean
qr_service_holds_answers (QrService *self)
{
  return self->hold_answers;
}

void
qr_service_stop (QrService *self,
                 guint     *timer)
{
  if (*timer != 0)
    tw_clock_cancel (self->clock, *timer);
  *timer = 0;
}

void
qr_service_add_front (QrService *self,
                      gpointer   front,
                      void     (*changed) (gpointer front))
{
  const Watch watch = { front, changed };

  self->fronts = g_list_prepend (self->fronts, g_memdup2 (&watch, sizeof watch));
}

void
qr_service_remove_front (QrService *self,
                         gpointer   front)
{
  for (GList *l = self->fronts; l != NULL; l = l->next)
    {
      Watch *watch = l->data;

      if (watch->front == front)
        {
          self->fronts = g_list_delete_link (self->fronts, l);
          g_free (watch);
          return;
        }
    }
}

/* The person at the phone has decided. */
static gboolean
on_decided (gpointer user_data)
{
  QrOrder *order = user_data;
  gboolean pays = order->end == QR_APPROVE_ANYWAY || order->end == QR_SILENT_PAID
                  || (order->end == QR_APPROVE && !order->called_off);
  gboolean silent = order->end == QR_SILENT || order->end == QR_SILENT_PAID;

  order->timer = 0;
  order->hold.held_minor = pays ? order->amount_minor : 0;
  order->hold.open = pays;
  if (order->front != NULL && !silent)
    order->decided (order->front, pays);

  return G_SOURCE_REMOVE;
}

QrOrder *
qr_service_order (QrService     *self,
                  const TwOffer *offer)
{
  QrOrder *order = g_new0 (QrOrder, 1);

  order->service = self;
  order->hold.session = g_strdup (offer->session);
  order->hold.order = g_strdup_printf ("order-%u", self->orders->len + 1);
  order->amount_minor = offer->hold.minor;
  order->end = self->end;
  g_ptr_array_add (self->orders, order);

  return order;
}

void
qr_service_place (QrService *self,
                  QrOrder   *order)
{
  order->hold.placed = TRUE;
  order->timer = tw_clock_after (self->clock, self->after_ms, on_decided, order);
}

QrOrder *
qr_service_find (QrService  *self,
                 const char *name)
{
  for (guint i = 0; i < self->orders->len; i++)
    {
      QrOrder *order = self->orders->pdata[i];

      if (g_strcmp0 (order->hold.order, name) == 0)
        return order;
    }

  return NULL;
}

static TwOutcome
capture (QrOrder *order,
         gint64   amount_minor)
{
  if (!order->hold.open || amount_minor <= 0 || amount_minor > order->hold.held_minor)
    return TW_OUTCOME_REFUSED;

  order->hold.open = FALSE;
  order->hold.captured_minor += amount_minor;
  order->hold.n_captures++;
  return TW_OUTCOME_DONE;
}

/* Undoes whatever there is, and what may still come. */
static TwOutcome
release (QrOrder *order)
{
  if (order->hold.captured_minor > 0)
    return TW_OUTCOME_REFUSED;

  qr_service_stop (order->service, &order->timer);
  if (order->hold.open)
    order->hold.n_releases++;
  order->hold.open = FALSE;
  return TW_OUTCOME_DONE;
}

static TwOutcome
act (QrService   *self,
     TwOperation  operation,
     QrOrder     *order,
     const char  *key,
     gint64       amount_minor)
{
  TwOutcome outcome;

  if (g_hash_table_contains (self->acted, key))
    return TW_OUTCOME_DONE;
  if (order == NULL || (operation != TW_OPERATION_CAPTURE && operation != TW_OPERATION_RELEASE))
    return TW_OUTCOME_REFUSED;

  outcome = operation == TW_OPERATION_CAPTURE ? capture (order, amount_minor) : release (order);
  if (outcome == TW_OUTCOME_DONE)
    g_hash_table_add (self->acted, g_strdup (key));

  return outcome;
}

static gboolean
is_due (guint *n)
{
  if (*n == 0)
    return FALSE;

  (*n)--;
  return TRUE;
}

gboolean
qr_service_operate (QrService   *self,
                    TwOperation  operation,
                    QrOrder     *order,
                    const char  *key,
                    gint64       amount_minor,
                    TwOutcome   *outcome)
{
  if (is_due (&self->lose_requests[operation]))
    return FALSE;

  if (order != NULL)
    order->hold.n_requests++;
  *outcome = is_due (&self->refuse[operation]) ? TW_OUTCOME_REFUSED : act (self, operation, order, key, amount_minor);
  return !is_due (&self->lose_answers[operation]);
}

gboolean
qr_service_has_acted (QrService  *self,
                      const char *key)
{
  return g_hash_table_contains (self->acted, key);
}

static void
order_free (gpointer data)
{
  QrOrder *self = data;

  qr_service_stop (self->service, &self->timer);
  g_free (self->hold.session);
  g_free (self->hold.order);
  g_free (self);
}

QrService *
qr_service_new (TwClock *clock)
{
  QrService *self = g_new0 (QrService, 1);

  self->clock = clock;
  self->orders = g_ptr_array_new_with_free_func (order_free);
  self->acted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->ready = TRUE;
  qr_service_script (self, QR_APPROVE, 60000);

  return self;
}

void
qr_service_free (QrService *self)
{
  g_assert (self->fronts == NULL);
  g_ptr_array_unref (self->orders);
  g_hash_table_unref (self->acted);
  g_free (self);
}

void
qr_service_script (QrService *self,
                   QrEnd      end,
                   gint64     after_ms)
{
  self->end = end;
  self->after_ms = after_ms;
}

void
qr_service_set_ready (QrService *self,
                      gboolean   is_ready)
{
  self->ready = is_ready;
  for (GList *l = self->fronts; l != NULL; l = l->next)
    {
      Watch *watch = l->data;

      watch->changed (watch->front);
    }
}

void
qr_service_drop_answers (QrService   *self,
                         TwOperation  operation,
                         guint        n)
{
  self->lose_answers[operation] = n;
}

void
qr_service_drop_requests (QrService   *self,
                          TwOperation  operation,
                          guint        n)
{
  self->lose_requests[operation] = n;
}

void
qr_service_refuse (QrService   *self,
                   TwOperation  operation,
                   guint        n)
{
  self->refuse[operation] = n;
}

void
qr_service_hold_answers (QrService *self,
                         gboolean   hold)
{
  self->hold_answers = hold;
}

guint
qr_service_n_holds (QrService *self)
{
  return self->orders->len;
}

const QrHold *
qr_service_hold (QrService *self,
                 guint      i)
{
  QrOrder *order = self->orders->pdata[i];

  return &order->hold;
}

guint
qr_service_n_open (QrService *self)
{
  guint n = 0;

  for (guint i = 0; i < self->orders->len; i++)
    n += qr_service_hold (self, i)->open ? 1 : 0;

  return n;
}
