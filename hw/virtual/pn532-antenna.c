/* SPDX-License-Identifier: Apache-2.0 */
#include "hw/virtual/pn532-antenna.h"

#define STAYS -1

struct _TwPn532Antenna
{
  TwPn532Chip          *chip;
  const TwPn532CardOps *ops;
  gpointer              card;
  int                   tear_after;
  guint                 latency_ms;
  guint                 apdus;
  gboolean              shielded;
};

static void
activate (gpointer       card,
          TwPn532Target *target)
{
  TwPn532Antenna *self = card;

  self->ops->activate (self->card, target);
}

static gboolean
exchange (gpointer      card,
          const guint8 *command,
          gsize         n,
          GByteArray   *answer)
{
  TwPn532Antenna *self = card;

  if (self->tear_after == 0)
    {
      tw_pn532_antenna_hold (self, NULL, NULL);
      return FALSE;
    }
  if (self->tear_after > 0)
    self->tear_after--;
  self->apdus++;
  return self->ops->exchange (self->card, command, n, answer);
}

static const TwPn532CardOps COUNTED = { activate, exchange };

TwPn532Antenna *
tw_pn532_antenna_new (TwPn532Chip *chip)
{
  TwPn532Antenna *self = g_new0 (TwPn532Antenna, 1);

  self->chip = chip;
  self->tear_after = STAYS;
  return self;
}

void
tw_pn532_antenna_free (TwPn532Antenna *self)
{
  g_free (self);
}

void
tw_pn532_antenna_hold (TwPn532Antenna       *self,
                       const TwPn532CardOps *ops,
                       gpointer              card)
{
  if (self->card != card)
    {
      self->tear_after = STAYS;
      self->latency_ms = 0;
    }
  self->ops = ops;
  self->card = card;
  tw_pn532_chip_set_card (self->chip, ops ? &COUNTED : NULL, self);
}

void
tw_pn532_antenna_tear_after (TwPn532Antenna *self,
                             int             n_apdus)
{
  self->tear_after = n_apdus;
}

void
tw_pn532_antenna_set_latency (TwPn532Antenna *self,
                              guint           ms)
{
  self->latency_ms = ms;
}

guint
tw_pn532_antenna_latency (TwPn532Antenna *self)
{
  return self->latency_ms;
}

guint
tw_pn532_antenna_apdus (TwPn532Antenna *self)
{
  return self->apdus;
}

void
tw_pn532_antenna_shield (TwPn532Antenna *self,
                         gboolean        shield)
{
  if (shield == self->shielded)
    return;
  self->shielded = shield;
  tw_pn532_chip_set_card (self->chip, self->ops && !shield ? &COUNTED : NULL, self);
}
