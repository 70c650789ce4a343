/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/reconcile-sales/book.h"

#include <string.h>

Till *
till_new (void)
{
  Till *self = g_new0 (Till, 1);

  self->sales = g_ptr_array_new_with_free_func (g_free);
  self->texts = g_string_chunk_new (4096);
  tw_import_init (&self->import);

  return self;
}

void
till_free (Till *self)
{
  g_ptr_array_unref (self->sales);
  g_string_chunk_free (self->texts);
  tw_import_clear (&self->import);
  g_free (self);
}

static gboolean
on_sale (gpointer       self,
         const TwSale  *sale,
         GError       **error)
{
  Till *till = self;
  TwSale *copy = g_memdup2 (sale, sizeof *sale);
  TwChars *texts[] = {
    &copy->session, &copy->station, &copy->evse, &copy->terminal, &copy->payment_ref, &copy->psp_ref,
    &copy->capture_ref, &copy->settlement_ref, &copy->refund_ref, &copy->trace, &copy->slip, &copy->approval,
    &copy->tail, &copy->brand, &copy->tariff_shown, &copy->tariff_priced, &copy->unknown_operation,
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    texts[i]->text = texts[i]->n > 0 ? g_string_chunk_insert_len (till->texts, texts[i]->text, texts[i]->n) : NULL;
  g_ptr_array_add (till->sales, copy);

  return TRUE;
}

TwIntake
till_intake (Till *self)
{
  static const TwIntakeClass CLASS = { .sale = on_sale };

  return (TwIntake) { &CLASS, self };
}

gboolean
till_is (TwChars     chars,
         const char *text)
{
  return chars.n == strlen (text) && (chars.n == 0 || memcmp (chars.text, text, chars.n) == 0);
}

const TwSale *
till_find (const Till *self,
           const char *session)
{
  const TwSale *found = NULL;

  for (guint i = 0; i < self->sales->len; i++)
    {
      const TwSale *sale = g_ptr_array_index (self->sales, i);

      if (!till_is (sale->session, session))
        continue;
      g_assert_null (found);
      found = sale;
    }
  g_assert_nonnull (found);

  return found;
}

static void
assert_text (TwChars one,
             TwChars other)
{
  g_assert_cmpmem (one.text, one.n, other.text, other.n);
}

static void
assert_equal (const TwSale *one,
              const TwSale *other)
{
  assert_text (one->session, other->session);
  assert_text (one->station, other->station);
  assert_text (one->evse, other->evse);
  assert_text (one->terminal, other->terminal);
  assert_text (one->payment_ref, other->payment_ref);
  assert_text (one->psp_ref, other->psp_ref);
  assert_text (one->capture_ref, other->capture_ref);
  assert_text (one->settlement_ref, other->settlement_ref);
  assert_text (one->refund_ref, other->refund_ref);
  assert_text (one->trace, other->trace);
  assert_text (one->slip, other->slip);
  assert_text (one->approval, other->approval);
  assert_text (one->tail, other->tail);
  assert_text (one->brand, other->brand);
  assert_text (one->tariff_shown, other->tariff_shown);
  assert_text (one->tariff_priced, other->tariff_priced);
  assert_text (one->unknown_operation, other->unknown_operation);
  g_assert_cmpstr (one->currency, ==, other->currency);
  g_assert_cmpuint (one->receipt_number, ==, other->receipt_number);
  g_assert_cmpint (one->state, ==, other->state);
  g_assert_cmpint (one->billed, ==, other->billed);
  g_assert_cmpint (one->tariff_free, ==, other->tariff_free);
  g_assert_cmpint (one->test_mode, ==, other->test_mode);
  /* From here to the day there are 64-bit numbers only. */
  g_assert_cmpmem (&one->price_minor, G_STRUCT_OFFSET (TwSale, day) - G_STRUCT_OFFSET (TwSale, price_minor),
                   &other->price_minor, G_STRUCT_OFFSET (TwSale, day) - G_STRUCT_OFFSET (TwSale, price_minor));
  g_assert_cmpint (one->day, ==, other->day);
}

void
till_assert_equal (const Till *self,
                   const Till *other)
{
  g_assert_cmpuint (self->sales->len, ==, other->sales->len);
  for (guint i = 0; i < self->sales->len; i++)
    assert_equal (g_ptr_array_index (self->sales, i), g_ptr_array_index (other->sales, i));
}
