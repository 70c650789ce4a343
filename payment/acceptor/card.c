/* SPDX-License-Identifier: Apache-2.0 */
/* The vtable. What goes on at the reader is in tapping.c, what comes after in follow-up.c; both speak through
 * line.c. */
#include "payment/acceptor/card.h"

#include "payment/acceptor/follow-up.h"
#include "payment/acceptor/line.h"
#include "payment/acceptor/tapping.h"

typedef struct
{
  TwCardLink    link;
  TwLine       *line;
  TwFollowUps  *follow_ups;
  TwTapping    *tapping;
  gboolean      test_mode, off;
  guint         hold_life_hours;
  GSourceFunc   changed;        /* NULL: nobody watches */
  gpointer      changed_data;
} CardAcceptor;

static TwAcceptorCapabilities
capabilities (gpointer user_data)
{
  CardAcceptor *self = user_data;

  return (TwAcceptorCapabilities) {
    .can_capture_less = TRUE, .can_refund = TRUE, .can_identify = self->link.funcs->ready (self->link.link, NULL),
    .test_mode = self->test_mode,
    .hold_life_hours = self->hold_life_hours,
  };
}

static gboolean
ready (gpointer     user_data,
       const char **why_not)
{
  CardAcceptor *self = user_data;
  const char *ignored;

  if (why_not == NULL)
    why_not = &ignored;
  if (self->off)
    {
      *why_not = "bank-cards-off";
      return FALSE;
    }

  return tw_line_ready (self->line, why_not) && self->link.funcs->ready (self->link.link, why_not);
}

static void
take (gpointer            user_data,
      const TwOffer      *offer,
      gint64              deadline_ms,
      const TwTakeEvents *events,
      gpointer            events_data)
{
  CardAcceptor *self = user_data;

  tw_tapping_take (self->tapping, offer, deadline_ms, events, events_data);
}

static void
proceed (gpointer user_data)
{
  CardAcceptor *self = user_data;

  tw_tapping_proceed (self->tapping);
}

static void
cancel (gpointer user_data)
{
  CardAcceptor *self = user_data;

  tw_tapping_cancel (self->tapping);
}

static void
identify (gpointer     user_data,
          gint64       deadline_ms,
          TwIdentified identified,
          gpointer     identified_data)
{
  CardAcceptor *self = user_data;

  tw_tapping_identify (self->tapping, deadline_ms, identified, identified_data);
}

static void
operate (gpointer         user_data,
         TwOperation      operation,
         GBytes          *reference,
         const char      *key,
         gint64           amount_minor,
         TwOperationDone  done,
         gpointer         done_data)
{
  CardAcceptor *self = user_data;

  tw_follow_ups_operate (self->follow_ups, operation, reference, key, amount_minor, done, done_data);
}

static void
inquire (gpointer         user_data,
         GBytes          *reference,
         const char      *key,
         TwOperationDone  done,
         gpointer         done_data)
{
  CardAcceptor *self = user_data;

  tw_follow_ups_inquire (self->follow_ups, reference, key, done, done_data);
}

static void
watch (gpointer    user_data,
       GSourceFunc changed,
       gpointer    changed_data)
{
  CardAcceptor *self = user_data;

  self->changed = changed;
  self->changed_data = changed_data;
}

static gboolean
on_link_changed (gpointer user_data)
{
  CardAcceptor *self = user_data;

  if (self->changed != NULL)
    self->changed (self->changed_data);

  return G_SOURCE_REMOVE;
}

static void
card_acceptor_free (gpointer user_data)
{
  CardAcceptor *self = user_data;

  tw_tapping_free (self->tapping);
  tw_follow_ups_free (self->follow_ups);
  tw_line_free (self->line);
  g_free (self);
}

static const TwAcceptorFuncs funcs = {
  .capabilities = capabilities,
  .ready = ready,
  .take = take,
  .proceed = proceed,
  .cancel = cancel,
  .identify = identify,
  .operate = operate,
  .inquire = inquire,
  .watch = watch,
  .free = card_acceptor_free,
};

TwAcceptor *
tw_card_acceptor_new (TwCardLink                   link,
                      TwHttp                      *http,
                      TwClock                     *clock,
                      const TwCardAcceptorOptions *options)
{
  CardAcceptor *self = g_new0 (CardAcceptor, 1);

  self->link = link;
  self->line = tw_line_new (http, clock, options);
  self->follow_ups = tw_follow_ups_new (self->line, clock, options->late_ms);
  self->test_mode = options->test_mode;
  self->off = options->off;
  self->hold_life_hours = options->hold_life_hours;
  self->tapping = tw_tapping_new (link, clock, self->line, self->follow_ups, on_link_changed, self);

  return tw_acceptor_new (&funcs, self);
}
