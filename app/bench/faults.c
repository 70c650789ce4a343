/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/faults.h"

#include <string.h>

struct _TwFaults
{
  GArray *queue;
};

static const char *const NAMES[] = {
  "none", "delay", "hold", "silent", "drop", "502", "401", "429", "refuse", "truncate", "cut", "wrong-type", "twice",
  "deep", "too-deep", "twice-named", "duplicate",
};
G_STATIC_ASSERT (G_N_ELEMENTS (NAMES) == TW_N_FAULTS);

TwFaults *
tw_faults_new (void)
{
  TwFaults *self = g_new0 (TwFaults, 1);

  self->queue = g_array_new (FALSE, FALSE, sizeof (TwFault));

  return self;
}

void
tw_faults_free (TwFaults *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->queue);
  g_free (self);
}

void
tw_faults_add (TwFaults      *self,
               const TwFault *fault)
{
  g_array_append_val (self->queue, *fault);
}

void
tw_faults_clear (TwFaults *self)
{
  g_array_set_size (self->queue, 0);
}

guint
tw_faults_n_pending (TwFaults *self)
{
  return self->queue->len;
}

void
tw_faults_write (TwFaults  *self,
                 TwJsonOut *out)
{
  tw_json_out_begin_array (out, "faults");
  for (guint i = 0; i < self->queue->len; i++)
    {
      const TwFault *fault = &g_array_index (self->queue, TwFault, i);

      tw_json_out_begin_object (out, NULL);
      tw_json_out_string (out, "kind", NAMES[fault->kind]);
      tw_json_out_string (out, "op", fault->act == TW_N_ACTS ? "any" : tw_act_name (fault->act));
      tw_json_out_string (out, "when", fault->after ? "after" : "before");
      tw_json_out_int64 (out, "count", fault->count);
      tw_json_out_end (out);
    }
  tw_json_out_end (out);
}

TwFault
tw_faults_take (TwFaults *self,
                TwAct     act)
{
  for (guint i = 0; i < self->queue->len; i++)
    {
      TwFault *fault = &g_array_index (self->queue, TwFault, i);
      TwFault taken = *fault;

      if (fault->act != TW_N_ACTS && fault->act != act)
        continue;
      if (fault->count > 0 && --fault->count == 0)
        g_array_remove_index (self->queue, i);
      return taken;
    }

  return (TwFault){ .kind = TW_FAULT_NONE };
}

TwFaultKind
tw_fault_kind_from_name (const char *name)
{
  for (guint i = 1; i < TW_N_FAULTS; i++)
    if (g_strcmp0 (NAMES[i], name) == 0)
      return i;

  return TW_N_FAULTS;
}

char *
tw_fault_names (void)
{
  GString *names = g_string_new (NULL);

  for (guint i = 1; i < TW_N_FAULTS; i++)
    g_string_append_printf (names, "%s%s", i > 1 ? ", " : "", NAMES[i]);

  return g_string_free (names, FALSE);
}
