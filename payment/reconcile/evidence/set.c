/* SPDX-License-Identifier: Apache-2.0 */
/* One look at each row finds the sessions that it may be of; the session's own evidence then decides. */
#include "payment/reconcile/evidence/set.h"

#include "payment/reconcile/evidence/keep.h"
#include "payment/page/page.h"
#include "payment/reconcile/report/outlet.h"

struct _TwEvidenceSet
{
  TwOutlet            outlet;
  const TwReportHead *head;
  TwEvidenceRead      read;
  TwEvidence         *books;          /* of no session: the payouts, which all share */
  GPtrArray          *all;            /* of TwEvidence; number n is at n - 1 */
  GHashTable         *by_reference;   /* TwChars of an evidence -> it */
  GHashTable         *by_line;        /* TwOrigin of a line that a finding is about -> the first such evidence */
};

static guint
origin_hash (gconstpointer key)
{
  const TwOrigin *origin = key;

  return (guint) origin->line * 31 + origin->file;
}

static gboolean
origin_equal (gconstpointer a,
              gconstpointer b)
{
  const TwOrigin *one = a, *other = b;

  return one->line == other->line && one->file == other->file;
}

static TwEvidence *
of (const TwEvidenceSet *self,
    TwChars              reference)
{
  return reference.n == 0 ? NULL : g_hash_table_lookup (self->by_reference, &reference);
}

static void
name_all (TwEvidenceSet *self,
          TwEvidence    *evidence)
{
  GHashTableIter iter;
  gpointer reference;

  g_hash_table_iter_init (&iter, evidence->references);
  while (g_hash_table_iter_next (&iter, &reference, NULL))
    if (!g_hash_table_contains (self->by_reference, reference))
      g_hash_table_insert (self->by_reference, reference, evidence);
}

static gboolean
on_sale (gpointer       intake,
         const TwSale  *sale,
         GError       **error)
{
  TwEvidenceSet *self = intake;
  TwEvidence *evidence = of (self, sale->session);
  TwIntake one;

  if (evidence == NULL)
    return TRUE;
  one = tw_evidence_intake (evidence);
  if (!one.class_->sale (one.self, sale, error))
    return FALSE;
  name_all (self, evidence);

  return TRUE;
}

static gboolean
on_line (gpointer          intake,
         const TwSettled  *line,
         GError          **error)
{
  TwEvidenceSet *self = intake;
  const TwChars references[] = {
    line->payment_ref, line->psp_ref, line->change_ref, line->related_ref, line->settlement_ref,
  };
  TwEvidence *evidence = NULL;

  for (guint i = 0; evidence == NULL && i < G_N_ELEMENTS (references); i++)
    evidence = of (self, references[i]);
  if (evidence == NULL)
    evidence = g_hash_table_lookup (self->by_line, &line->origin);
  if (evidence == NULL)
    return TRUE;

  return tw_evidence_intake (evidence).class_->line (evidence, line, error);
}

static gboolean
on_credit (gpointer         intake,
           const TwCredit  *credit,
           GError         **error)
{
  TwEvidenceSet *self = intake;

  for (guint i = 0; i < self->all->len; i++)
    {
      TwIntake one = tw_evidence_intake (g_ptr_array_index (self->all, i));

      if (!one.class_->credit (one.self, credit, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
on_energy (gpointer         intake,
           const TwEnergy  *energy,
           GError         **error)
{
  TwEvidenceSet *self = intake;

  for (guint i = 0; i < self->all->len; i++)
    {
      TwIntake one = tw_evidence_intake (g_ptr_array_index (self->all, i));

      if (!one.class_->energy (one.self, energy, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
on_total (gpointer        intake,
          const TwTotal  *total,
          GError        **error)
{
  return TRUE;
}

static const TwIntakeClass INTAKE = { on_sale, on_line, on_credit, on_energy, on_total, NULL };

static gboolean
on_payout (gpointer         outlet,
           const TwPayout  *payout,
           GError         **error)
{
  TwEvidenceSet *self = outlet;

  return TW_EVIDENCE.payout (self->books, payout, error);
}

/* Of several sessions whose findings are about one line it is the first one's. */
static void
note_line (TwEvidenceSet   *self,
           const TwOrigin  *line,
           TwEvidence      *evidence)
{
  TwEvidence *before = g_hash_table_lookup (self->by_line, line);
  guint i, n = 0;

  if (line->line == 0)
    return;
  g_ptr_array_find (self->all, evidence, &i);
  if (before == NULL || (g_ptr_array_find (self->all, before, &n) && i < n))
    g_hash_table_replace (self->by_line, g_memdup2 (line, sizeof *line), evidence);
}

static gboolean
on_exception (gpointer            outlet,
              const TwException  *exception,
              GError            **error)
{
  TwEvidenceSet *self = outlet;
  TwEvidence *evidence = of (self, exception->session);

  if (exception->severity < TW_SEVERITY_LISTED || exception->session.n == 0)
    return TRUE;
  if (evidence == NULL && self->all->len < TW_EVIDENCE_SESSIONS)
    {
      g_autofree char *session = g_strndup (exception->session.text, exception->session.n);

      evidence = tw_evidence_new (session, self->head);
      g_array_unref (evidence->payouts);
      evidence->payouts = g_array_ref (self->books->payouts);
      g_ptr_array_add (self->all, evidence);
      name_all (self, evidence);
    }

  if (evidence == NULL)
    return TRUE;
  note_line (self, &exception->other, evidence);

  return TW_EVIDENCE.exception (evidence, exception, error);
}

static const TwResultClass CLASS = { .payout = on_payout, .exception = on_exception };

static gboolean
close_set (TwOutlet  *outlet,
           GError   **error)
{
  return TRUE;
}

static void
leave_set (TwOutlet *outlet)
{
}

static guint
number_of (gpointer witnesses,
           TwChars  session)
{
  TwEvidenceSet *self = witnesses;
  guint i;

  return g_ptr_array_find (self->all, of (self, session), &i) ? i + 1 : 0;
}

static gboolean
put_all (gpointer   witnesses,
         GString   *text,
         GError   **error)
{
  TwEvidenceSet *self = witnesses;
  const TwIntake intake = { &INTAKE, self };

  if (self->all->len == 0)
    return TRUE;
  if (!self->read (&intake, error))
    return FALSE;

  tw_page_put (text, "<h2>What each witness says</h2><p class=\"soft\">Of the sessions that are listed; tapwatt "
               "evidence SESSION tells all of one.</p>\n");
  for (guint i = 0; i < self->all->len; i++)
    {
      const TwEvidence *evidence = g_ptr_array_index (self->all, i);

      tw_page_put (text, "<details id=\"session-%u\"><summary><strong>%s</strong></summary>\n", i + 1,
                   evidence->session);
      tw_evidence_cards (evidence, text);
      tw_page_put (text, "</details>\n");
    }

  return TRUE;
}

TwEvidenceSet *
tw_evidence_set_new (const TwReportHead *head,
                     TwEvidenceRead      read)
{
  TwEvidenceSet *self = g_new0 (TwEvidenceSet, 1);

  self->outlet = (TwOutlet) { &CLASS, close_set, leave_set };
  self->head = head;
  self->read = read;
  self->books = tw_evidence_new ("", head);
  self->all = g_ptr_array_new_with_free_func ((GDestroyNotify) tw_evidence_free);
  self->by_reference = g_hash_table_new (tw_evidence_chars_hash, tw_evidence_chars_equal);
  self->by_line = g_hash_table_new_full (origin_hash, origin_equal, g_free, NULL);

  return self;
}

void
tw_evidence_set_free (TwEvidenceSet *self)
{
  g_hash_table_unref (self->by_reference);
  g_hash_table_unref (self->by_line);
  g_ptr_array_unref (self->all);
  tw_evidence_free (self->books);
  g_free (self);
}

TwOutlet *
tw_evidence_set_outlet (TwEvidenceSet *self)
{
  return &self->outlet;
}

TwReportWitnesses
tw_evidence_set_witnesses (TwEvidenceSet *self)
{
  return (TwReportWitnesses) { self, number_of, put_all };
}
