/* SPDX-License-Identifier: Apache-2.0 */
/* The scripted acceptor keeps the contract of acceptor.h, and its ledger tells the truth. */
#include "tests/lib/qr-acceptor.h"
#include "tests/lib/virtual-clock.h"

typedef struct
{
  TwVirtualClock *clock;
  QrService      *service;
  TwAcceptor     *acceptor;
  GBytes         *reference;
  GString        *story;         /* what the station heard, in order */
  guint           n_done;
  TwOutcome       outcome;
} Fixture;

static void
keep (Fixture *self,
      GBytes  *reference)
{
  if (reference == NULL)
    return;

  g_clear_pointer (&self->reference, g_bytes_unref);
  self->reference = g_bytes_ref (reference);
}

static void
on_progress (const char *prompt,
             const char *qr,
             gpointer    user_data)
{
  Fixture *self = user_data;

  g_string_append_printf (self->story, "%s %s;", prompt, qr);
}

static void
on_reference (GBytes       *reference,
              const TwCard *card,
              const char   *digest,
              gpointer      user_data)
{
  Fixture *self = user_data;

  keep (self, reference);
  g_string_append (self->story, "reference;");
}

static void
on_ended (const TwTakeResult *result,
          gpointer            user_data)
{
  static const char *const ends[] = { "approved", "declined", "failed", "unknown" };
  Fixture *self = user_data;

  keep (self, result->reference);
  g_string_append_printf (self->story, "%s %s %" G_GINT64_FORMAT ";", ends[result->end],
                          result->reason == NULL ? "-" : result->reason, result->held_minor);
}

static void
on_done (TwOutcome   outcome,
         const char *detail,
         GBytes     *reference,
         gpointer    user_data)
{
  Fixture *self = user_data;

  self->n_done++;
  self->outcome = outcome;
}

static void
on_identified (const TwCard *card,
               gpointer      user_data)
{
  Fixture *self = user_data;

  g_string_append (self->story, card == NULL ? "nobody;" : "somebody;");
}

static Fixture *
fixture_new (void)
{
  Fixture *self = g_new0 (Fixture, 1);

  self->clock = tw_virtual_clock_new ();
  self->service = qr_service_new (tw_virtual_clock_clock (self->clock));
  self->acceptor = qr_service_acceptor (self->service);
  self->story = g_string_new (NULL);

  return self;
}

static void
fixture_free (Fixture *self)
{
  tw_acceptor_free (self->acceptor);
  qr_service_free (self->service);
  g_assert_cmpuint (tw_virtual_clock_pending (self->clock), ==, 0);
  tw_virtual_clock_free (self->clock);
  g_clear_pointer (&self->reference, g_bytes_unref);
  g_string_free (self->story, TRUE);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

static void
take (Fixture *self)
{
  static const TwTakeEvents events = { on_progress, on_reference, on_ended };
  const TwOffer offer = { .session = "s-17", .key = "s-17-authorize-1", .hold = tw_money (4500, "EUR") };

  tw_acceptor_take (self->acceptor, &offer, 180000, &events, self);
  g_assert_cmpuint (self->story->len, ==, 0);
  tw_virtual_clock_advance (self->clock, 0);
}

static void
take_and_proceed (Fixture *self)
{
  take (self);
  tw_acceptor_proceed (self->acceptor);
  tw_virtual_clock_advance (self->clock, 0);
}

static TwOutcome
answer (Fixture *self)
{
  guint before = self->n_done;

  tw_virtual_clock_advance (self->clock, 1000);
  g_assert_cmpuint (self->n_done, ==, before + 1);

  return self->outcome;
}

static TwOutcome
capture (Fixture    *self,
         const char *key,
         gint64      amount_minor)
{
  tw_acceptor_capture (self->acceptor, self->reference, key, amount_minor, on_done, self);
  return answer (self);
}

static TwOutcome
release (Fixture    *self,
         const char *key)
{
  tw_acceptor_release (self->acceptor, self->reference, key, on_done, self);
  return answer (self);
}

#define SHOWN "reference;scan-qr https://pay.example/order-1;"

static void
test_paid_after_a_minute (void)
{
  g_autoptr(Fixture) self = fixture_new ();

  take_and_proceed (self);
  tw_virtual_clock_advance (self->clock, 59999);
  g_assert_cmpstr (self->story->str, ==, SHOWN);
  g_assert_cmpuint (qr_service_n_open (self->service), ==, 0);
  tw_virtual_clock_advance (self->clock, 1);
  g_assert_cmpstr (self->story->str, ==, SHOWN "approved - 4500;");
  g_assert_cmpint (qr_service_hold (self->service, 0)->held_minor, ==, 4500);
  g_assert_cmpuint (qr_service_n_open (self->service), ==, 1);
}

static void
test_nothing_is_ordered_before_it_is_durable (void)
{
  g_autoptr(Fixture) self = fixture_new ();

  take (self);
  tw_virtual_clock_advance (self->clock, 600000);
  g_assert_cmpstr (self->story->str, ==, "reference;");
  tw_acceptor_cancel (self->acceptor);
  tw_acceptor_proceed (self->acceptor);
  tw_virtual_clock_advance (self->clock, 600000);
  g_assert_cmpstr (self->story->str, ==, "reference;failed cancelled 0;");
  g_assert_cmpuint (qr_service_n_open (self->service), ==, 0);
}

static void
test_each_end_is_told (void)
{
  static const struct { QrEnd end; const char *story; guint n_open; } table[] = {
    { QR_DECLINE, SHOWN "declined declined 0;", 0 },
    { QR_SILENT, SHOWN "unknown timeout 0;", 0 },
    { QR_SILENT_PAID, SHOWN "unknown timeout 0;", 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr(Fixture) self = fixture_new ();

      qr_service_script (self->service, table[i].end, 90000);
      take_and_proceed (self);
      tw_virtual_clock_advance (self->clock, 180000);
      g_assert_cmpstr (self->story->str, ==, table[i].story);
      g_assert_cmpuint (qr_service_n_open (self->service), ==, table[i].n_open);
      g_assert_cmpint (i == 0 ? TW_OUTCOME_DONE : release (self, "s-17-release-1"), ==, TW_OUTCOME_DONE);
      g_assert_cmpuint (qr_service_n_open (self->service), ==, 0);
      g_assert_cmpuint (qr_service_hold (self->service, 0)->n_releases, ==, table[i].n_open);
    }
}

static void
test_cancelled_it_cannot_be_paid_any_more (void)
{
  g_autoptr(Fixture) self = fixture_new ();

  take_and_proceed (self);
  tw_virtual_clock_advance (self->clock, 30000);
  tw_acceptor_cancel (self->acceptor);
  g_assert_cmpstr (self->story->str, ==, SHOWN);
  tw_virtual_clock_advance (self->clock, 600000);
  g_assert_cmpstr (self->story->str, ==, SHOWN "declined cancelled 0;");
  g_assert_cmpuint (qr_service_n_open (self->service), ==, 0);
}

static void
test_a_late_approval_comes_after_the_cancel (void)
{
  g_autoptr(Fixture) self = fixture_new ();

  qr_service_script (self->service, QR_APPROVE_ANYWAY, 300000);
  take_and_proceed (self);
  tw_virtual_clock_advance (self->clock, 30000);
  tw_acceptor_cancel (self->acceptor);
  tw_virtual_clock_advance (self->clock, 269999);
  g_assert_cmpstr (self->story->str, ==, SHOWN);
  tw_virtual_clock_advance (self->clock, 1);
  g_assert_cmpstr (self->story->str, ==, SHOWN "approved - 4500;");
  g_assert_cmpint (release (self, "s-17-release-1"), ==, TW_OUTCOME_DONE);
  g_assert_cmpuint (qr_service_n_open (self->service), ==, 0);
}

static void
test_a_capture_happens_once_whatever_is_lost (void)
{
  g_autoptr(Fixture) self = fixture_new ();

  take_and_proceed (self);
  tw_virtual_clock_advance (self->clock, 60000);
  qr_service_drop_requests (self->service, TW_OPERATION_CAPTURE, 1);
  g_assert_cmpint (capture (self, "s-17-capture-1", 1234), ==, TW_OUTCOME_UNKNOWN);
  g_assert_cmpuint (qr_service_hold (self->service, 0)->n_captures, ==, 0);
  qr_service_drop_answers (self->service, TW_OPERATION_CAPTURE, 1);
  g_assert_cmpint (capture (self, "s-17-capture-1", 1234), ==, TW_OUTCOME_UNKNOWN);
  g_assert_cmpuint (qr_service_hold (self->service, 0)->n_captures, ==, 1);
  g_assert_cmpint (capture (self, "s-17-capture-1", 1234), ==, TW_OUTCOME_DONE);
  g_assert_cmpuint (qr_service_hold (self->service, 0)->n_captures, ==, 1);
  g_assert_cmpint (qr_service_hold (self->service, 0)->captured_minor, ==, 1234);

  g_assert_cmpint (capture (self, "s-17-capture-2", 1), ==, TW_OUTCOME_REFUSED);
  g_assert_cmpint (release (self, "s-17-release-1"), ==, TW_OUTCOME_REFUSED);
}

static void
test_above_the_hold_or_after_the_release_nothing_is_captured (void)
{
  g_autoptr(Fixture) self = fixture_new ();

  take_and_proceed (self);
  tw_virtual_clock_advance (self->clock, 60000);
  g_assert_cmpint (capture (self, "s-17-capture-1", 4501), ==, TW_OUTCOME_REFUSED);
  g_assert_cmpint (release (self, "s-17-release-1"), ==, TW_OUTCOME_DONE);
  g_assert_cmpint (release (self, "s-17-release-1"), ==, TW_OUTCOME_DONE);
  g_assert_cmpuint (qr_service_hold (self->service, 0)->n_releases, ==, 1);
  g_assert_cmpint (capture (self, "s-17-capture-2", 1), ==, TW_OUTCOME_REFUSED);
}

static void
test_a_restart_forgets_nothing_that_was_ordered (void)
{
  g_autoptr(Fixture) self = fixture_new ();

  take_and_proceed (self);
  tw_acceptor_free (self->acceptor);
  self->acceptor = qr_service_acceptor (self->service);
  tw_virtual_clock_advance (self->clock, 600000);
  g_assert_cmpstr (self->story->str, ==, SHOWN "unknown closed 0;");
  g_assert_cmpuint (qr_service_n_open (self->service), ==, 1);
  g_assert_cmpint (release (self, "s-17-release-1"), ==, TW_OUTCOME_DONE);
  g_assert_cmpuint (qr_service_n_open (self->service), ==, 0);
}

static void
test_a_released_order_cannot_be_paid_later (void)
{
  g_autoptr(Fixture) self = fixture_new ();

  qr_service_script (self->service, QR_APPROVE_ANYWAY, 300000);
  take_and_proceed (self);
  tw_acceptor_free (self->acceptor);
  self->acceptor = qr_service_acceptor (self->service);
  g_assert_cmpint (release (self, "s-17-release-1"), ==, TW_OUTCOME_DONE);
  tw_virtual_clock_advance (self->clock, 600000);
  g_assert_cmpint (qr_service_hold (self->service, 0)->held_minor, ==, 0);
}

static void
test_a_refused_capture_leaves_the_hold (void)
{
  g_autoptr(Fixture) self = fixture_new ();

  take_and_proceed (self);
  tw_virtual_clock_advance (self->clock, 60000);
  qr_service_refuse (self->service, TW_OPERATION_CAPTURE, 1);
  g_assert_cmpint (capture (self, "s-17-capture-1", 1234), ==, TW_OUTCOME_REFUSED);
  g_assert_cmpuint (qr_service_n_open (self->service), ==, 1);
  g_assert_cmpuint (qr_service_hold (self->service, 0)->n_requests, ==, 1);
  g_assert_cmpint (release (self, "s-17-release-1"), ==, TW_OUTCOME_DONE);
}

static void
test_an_answer_can_wait_longer_than_its_acceptor (void)
{
  g_autoptr(Fixture) self = fixture_new ();

  take_and_proceed (self);
  tw_virtual_clock_advance (self->clock, 60000);
  qr_service_hold_answers (self->service, TRUE);
  tw_acceptor_capture (self->acceptor, self->reference, "s-17-capture-1", 1234, on_done, self);
  tw_virtual_clock_advance (self->clock, 600000);
  g_assert_cmpuint (self->n_done, ==, 0);
  g_assert_cmpuint (qr_service_hold (self->service, 0)->n_captures, ==, 1);
  tw_acceptor_free (self->acceptor);
  g_assert_cmpuint (self->n_done, ==, 1);
  g_assert_cmpint (self->outcome, ==, TW_OUTCOME_UNKNOWN);
  self->acceptor = qr_service_acceptor (self->service);
}

static void
test_inquiries_tell_what_was_acted_on (void)
{
  g_autoptr(Fixture) self = fixture_new ();

  take_and_proceed (self);
  tw_virtual_clock_advance (self->clock, 60000);
  tw_acceptor_inquire (self->acceptor, self->reference, "s-17-capture-1", on_done, self);
  g_assert_cmpint (answer (self), ==, TW_OUTCOME_UNKNOWN);
  qr_service_drop_answers (self->service, TW_OPERATION_CAPTURE, 1);
  capture (self, "s-17-capture-1", 1234);
  tw_acceptor_inquire (self->acceptor, self->reference, "s-17-capture-1", on_done, self);
  g_assert_cmpint (answer (self), ==, TW_OUTCOME_DONE);
}

static void
test_not_ready_fails_and_nobody_is_identified (void)
{
  g_autoptr(Fixture) self = fixture_new ();
  const char *why_not = NULL;

  qr_service_set_ready (self->service, FALSE);
  g_assert_false (tw_acceptor_ready (self->acceptor, &why_not));
  g_assert_cmpstr (why_not, ==, "gateway-unreachable");
  take (self);
  g_assert_cmpstr (self->story->str, ==, "failed gateway-unreachable 0;");
  g_assert_false (tw_acceptor_capabilities (self->acceptor).can_identify);
  tw_acceptor_identify (self->acceptor, 1000, on_identified, self);
  tw_virtual_clock_advance (self->clock, 1000);
  g_assert_cmpstr (self->story->str, ==, "failed gateway-unreachable 0;nobody;");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/qr/paid-after-a-minute", test_paid_after_a_minute);
  g_test_add_func ("/qr/nothing-is-ordered-before-it-is-durable", test_nothing_is_ordered_before_it_is_durable);
  g_test_add_func ("/qr/each-end-is-told", test_each_end_is_told);
  g_test_add_func ("/qr/cancelled-it-cannot-be-paid-any-more", test_cancelled_it_cannot_be_paid_any_more);
  g_test_add_func ("/qr/a-late-approval-comes-after-the-cancel", test_a_late_approval_comes_after_the_cancel);
  g_test_add_func ("/qr/a-capture-happens-once-whatever-is-lost", test_a_capture_happens_once_whatever_is_lost);
  g_test_add_func ("/qr/above-the-hold-or-after-the-release-nothing-is-captured",
                   test_above_the_hold_or_after_the_release_nothing_is_captured);
  g_test_add_func ("/qr/a-restart-forgets-nothing-that-was-ordered", test_a_restart_forgets_nothing_that_was_ordered);
  g_test_add_func ("/qr/a-released-order-cannot-be-paid-later", test_a_released_order_cannot_be_paid_later);
  g_test_add_func ("/qr/a-refused-capture-leaves-the-hold", test_a_refused_capture_leaves_the_hold);
  g_test_add_func ("/qr/an-answer-can-wait-longer-than-its-acceptor", test_an_answer_can_wait_longer_than_its_acceptor);
  g_test_add_func ("/qr/inquiries-tell-what-was-acted-on", test_inquiries_tell_what_was_acted_on);
  g_test_add_func ("/qr/not-ready-fails-and-nobody-is-identified", test_not_ready_fails_and_nobody_is_identified);

  return g_test_run ();
}
