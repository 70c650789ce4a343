/* SPDX-License-Identifier: Apache-2.0 */
/* What counter and bay have in common: the shape of a table's cell. Pure: no GObject, no I/O, no clock, no allocation.
 *
 * A table is total: each pair of state and event is somebody's decision. There are no guards; a question about the
 * world is answered before it becomes an event (approved or declined, never "answered, and if ..."). Any thread.
 */
#pragma once

#include <glib.h>

typedef enum
{
  TW_UNDECIDED, /* a hole in the table; the tests refuse it */
  TW_GO,        /* change state, carry out the effects */
  TW_STAY,      /* same state, carry out the effects */
  TW_IGNORE,    /* expected noise */
  TW_NEVER,     /* cannot happen: a bug elsewhere */
} TwStepVerdict;

/* Carried out in ascending bit order once the step is durable; HAND_OVER is part of the step's own commit. Power is
 * not an effect: it is a level that follows from the bay's state. */
typedef enum
{
  TW_EFFECT_NONE         = 0,
  TW_EFFECT_CANCEL_TAKE  = 1 << 0, /* ask the acceptor to end early */
  TW_EFFECT_TAKE         = 1 << 1, /* ask the acceptor for a hold */
  TW_EFFECT_PROCEED      = 1 << 2, /* the reference is durable: the acceptor may ask for the money */
  TW_EFFECT_HAND_OVER    = 1 << 3, /* the session moves from the counter to its bay */
  TW_EFFECT_LAST_READING = 1 << 4, /* no final reading came: bill by the last one that is trusted */
  TW_EFFECT_RELEASE      = 1 << 5, /* give the hold back, or undo an unanswered request for one */
  TW_EFFECT_CAPTURE      = 1 << 6, /* take the billed amount out of the hold */
} TwEffect;

typedef struct
{
  guint8 verdict;   /* TwStepVerdict */
  guint8 next;      /* the state after it, for every verdict */
  guint8 effects;   /* of TwEffect */
} TwStep;
