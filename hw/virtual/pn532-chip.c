/* SPDX-License-Identifier: Apache-2.0 */
#include "hw/virtual/pn532-chip.h"

#include "hw/virtual/pn532-target.h"

#include <string.h>

#define PIECE_MAX 262            /* with code and status this fills what libnfc takes */
#define REGISTER_PAGE 0x63       /* where the registers of the contactless front end are */
#define STATUS_GOOD 0x00
#define STATUS_TIMEOUT 0x01
#define STATUS_MORE 0x40         /* more information: ask again with the same two bytes */
#define STATUS_WRONG_CONTEXT 0x27
#define R_NAK 0xB2               /* ISO/IEC 14443-4 block with which libnfc asks a card whether it is still there */
#define R_ACK 0xA3

struct _TwPn532Chip
{
  gboolean              asleep;
  gboolean              field;
  gboolean              selected;    /* the host thinks that it has a target */
  gboolean              active;      /* and the card that is there is that target */
  guint8                passive_retries;
  guint8                registers[256];
  TwPn532Target         target;
  const TwPn532CardOps *ops;
  gpointer              card;
  gsize                 piece;
  GByteArray           *remainder;   /* of an R-APDU that goes out in pieces */
};

typedef struct
{
  TwPn532Chip  *chip;
  const guint8 *params;
  gsize         n;
  gboolean      give_up;
  GByteArray   *answer;              /* the code is there already */
} Call;

static void
put (GByteArray *answer,
     guint8      byte)
{
  g_byte_array_append (answer, &byte, 1);
}

static void
release (TwPn532Chip *self)
{
  self->selected = self->active = FALSE;
  g_byte_array_set_size (self->remainder, 0);
}

static gboolean
activate (TwPn532Chip  *self,
          const guint8 *uid,
          gsize         uid_len)
{
  release (self);
  self->field = TRUE;
  if (self->ops == NULL)
    return FALSE;

  memset (&self->target, 0, sizeof self->target);
  self->ops->activate (self->card, &self->target);
  if (uid_len > 0 && !tw_pn532_target_is (&self->target, uid, uid_len))
    return FALSE;

  self->selected = self->active = TRUE;
  return TRUE;
}

static TwPn532Verdict
diagnose (Call *call)
{
  switch (call->params[0])
    {
    case 0x00: /* communication line: everything comes back */
      g_byte_array_append (call->answer, call->params, call->n);
      return TW_PN532_ANSWER;
    case 0x01: /* ROM */
    case 0x02: /* RAM */
      put (call->answer, STATUS_GOOD);
      return TW_PN532_ANSWER;
    case 0x06: /* attention request to the card */
      put (call->answer, call->chip->active && call->chip->ops ? STATUS_GOOD : STATUS_TIMEOUT);
      return TW_PN532_ANSWER;
    default:
      return TW_PN532_SYNTAX_ERROR;
    }
}

static TwPn532Verdict
get_firmware_version (Call *call)
{
  const guint8 version[] = { 0x32, 0x01, 0x06, 0x07 };

  g_byte_array_append (call->answer, version, sizeof version);
  return TW_PN532_ANSWER;
}

static TwPn532Verdict
get_general_status (Call *call)
{
  const guint8 target[] = { 0x01, 0x00, 0x00, 0x10 }; /* number, 106 kbit/s both ways, ISO 14443 */

  put (call->answer, STATUS_GOOD);
  put (call->answer, 0x00); /* no field from elsewhere */
  put (call->answer, call->chip->selected);
  if (call->chip->selected)
    g_byte_array_append (call->answer, target, sizeof target);
  put (call->answer, 0x80); /* no secure element */
  return TW_PN532_ANSWER;
}

static TwPn532Verdict
read_register (Call *call)
{
  if (call->n % 2 != 0)
    return TW_PN532_SYNTAX_ERROR;

  for (gsize i = 0; i < call->n; i += 2)
    put (call->answer, call->params[i] == REGISTER_PAGE ? call->chip->registers[call->params[i + 1]] : 0);
  return TW_PN532_ANSWER;
}

static TwPn532Verdict
write_register (Call *call)
{
  if (call->n % 3 != 0)
    return TW_PN532_SYNTAX_ERROR;

  for (gsize i = 0; i < call->n; i += 3)
    if (call->params[i] == REGISTER_PAGE)
      call->chip->registers[call->params[i + 1]] = call->params[i + 2];
  return TW_PN532_ANSWER;
}

static TwPn532Verdict
acknowledge (Call *call) /* settings that change nothing here: baud rate, parameters, secure element */
{
  return TW_PN532_ANSWER;
}

static TwPn532Verdict
power_down (Call *call)
{
  put (call->answer, STATUS_GOOD);
  release (call->chip);
  call->chip->field = FALSE;
  call->chip->asleep = TRUE;
  return TW_PN532_ANSWER;
}

static TwPn532Verdict
rf_configuration (Call *call)
{
  TwPn532Chip *self = call->chip;

  switch (call->params[0])
    {
    case 0x01:
      if (call->n != 2)
        return TW_PN532_SYNTAX_ERROR;
      self->field = call->params[1] & 0x01;
      if (!self->field)
        release (self);
      return TW_PN532_ANSWER;
    case 0x05:
      if (call->n != 4)
        return TW_PN532_SYNTAX_ERROR;
      self->passive_retries = call->params[3];
      return TW_PN532_ANSWER;
    case 0x02:
    case 0x04:
    case 0x0A:
    case 0x0B:
    case 0x0C:
    case 0x0D:
      return TW_PN532_ANSWER;
    default:
      return TW_PN532_SYNTAX_ERROR;
    }
}

static void
put_piece (TwPn532Chip *self,
           GByteArray  *answer)
{
  gsize n = MIN (self->piece, self->remainder->len);

  put (answer, n < self->remainder->len ? STATUS_MORE : STATUS_GOOD);
  g_byte_array_append (answer, self->remainder->data, n);
  g_byte_array_remove_range (self->remainder, 0, n);
}

static TwPn532Verdict
in_data_exchange (Call *call)
{
  TwPn532Chip *self = call->chip;

  if (!self->selected || call->params[0] != 0x01)
    {
      put (call->answer, STATUS_WRONG_CONTEXT);
      return TW_PN532_ANSWER;
    }
  if (call->n == 1 && self->remainder->len > 0)
    {
      put_piece (self, call->answer);
      return TW_PN532_ANSWER;
    }

  g_byte_array_set_size (self->remainder, 0);
  if (!self->active || self->ops == NULL
      || !self->ops->exchange (self->card, call->params + 1, call->n - 1, self->remainder))
    {
      g_byte_array_set_size (self->remainder, 0);
      put (call->answer, STATUS_TIMEOUT);
      return TW_PN532_ANSWER;
    }

  put_piece (self, call->answer);
  return TW_PN532_ANSWER;
}

/* Raw blocks: only the one that libnfc sends to see whether an ISO 14443-4 card is still there. */
static TwPn532Verdict
in_communicate_thru (Call *call)
{
  TwPn532Chip *self = call->chip;
  gboolean there = self->active && self->ops && self->target.ats_len > 0;

  if (there && call->n == 1 && call->params[0] == R_NAK)
    {
      put (call->answer, STATUS_GOOD);
      put (call->answer, R_ACK);
      return TW_PN532_ANSWER;
    }
  put (call->answer, STATUS_TIMEOUT);
  return TW_PN532_ANSWER;
}

static TwPn532Verdict
in_release (Call *call) /* and InDeselect: here the card answers the next look either way */
{
  put (call->answer, STATUS_GOOD);
  release (call->chip);
  return TW_PN532_ANSWER;
}

static TwPn532Verdict
in_select (Call *call) /* of a target that is selected already; and InPSL, whose speeds change nothing here */
{
  put (call->answer, call->chip->selected ? STATUS_GOOD : STATUS_WRONG_CONTEXT);
  return TW_PN532_ANSWER;
}

static TwPn532Verdict
in_list_passive_target (Call *call)
{
  TwPn532Chip *self = call->chip;
  gboolean type_a = call->params[1] == 0x00;

  if (call->params[0] == 0 || call->params[0] > 2)
    return TW_PN532_SYNTAX_ERROR;

  if (type_a && activate (self, call->params + 2, call->n - 2))
    {
      put (call->answer, 1);
      tw_pn532_target_put (call->answer, &self->target);
      return TW_PN532_ANSWER;
    }
  if (self->passive_retries == 0xFF && !call->give_up)
    return TW_PN532_WAIT;

  put (call->answer, 0);
  return TW_PN532_ANSWER;
}

static TwPn532Verdict
in_auto_poll (Call *call)
{
  TwPn532Chip *self = call->chip;
  GByteArray *answer = call->answer;

  for (gsize i = 2; i < call->n; i++)
    {
      guint8 type = call->params[i];
      guint at;

      if ((type != 0x00 && type != 0x10 && type != 0x20) || !activate (self, NULL, 0))
        continue;
      if (type != 0x00 && (type == 0x20) != (self->target.ats_len > 0))
        {
          release (self);
          continue;
        }
      put (answer, 1);
      put (answer, type);
      put (answer, 0);
      at = answer->len;
      tw_pn532_target_put (answer, &self->target);
      answer->data[at - 1] = answer->len - at;
      return TW_PN532_ANSWER;
    }
  if (!call->give_up)
    return TW_PN532_WAIT;

  put (answer, 0);
  return TW_PN532_ANSWER;
}

static const struct
{
  guint8         code;
  gsize          min, max; /* parameters */
  TwPn532Verdict (*run) (Call *call);
} COMMANDS[] = {
  { 0x00, 1, 262, diagnose },
  { 0x02, 0, 0, get_firmware_version },
  { 0x04, 0, 0, get_general_status },
  { 0x06, 2, 262, read_register },
  { 0x08, 3, 261, write_register },
  { 0x10, 1, 1, acknowledge },          /* SetSerialBaudRate */
  { 0x12, 1, 1, acknowledge },          /* SetParameters */
  { 0x14, 1, 3, acknowledge },          /* SAMConfiguration */
  { 0x16, 1, 2, power_down },
  { 0x32, 2, 12, rf_configuration },
  { 0x40, 1, 264, in_data_exchange },
  { 0x42, 0, 264, in_communicate_thru },
  { 0x44, 1, 1, in_release },           /* InDeselect */
  { 0x4A, 2, 14, in_list_passive_target },
  { 0x4E, 3, 3, in_select },            /* InPSL */
  { 0x52, 1, 1, in_release },
  { 0x54, 1, 1, in_select },
  { 0x60, 3, 17, in_auto_poll },
};

TwPn532Verdict
tw_pn532_chip_run (TwPn532Chip  *self,
                   const guint8 *command,
                   gsize         n,
                   gboolean      give_up,
                   GByteArray   *answer)
{
  Call call = { .chip = self, .params = command + 1, .n = n - 1, .give_up = give_up, .answer = answer };

  g_return_val_if_fail (n > 0, TW_PN532_SYNTAX_ERROR);

  g_byte_array_set_size (answer, 0);
  put (answer, command[0] + 1);
  for (gsize i = 0; i < G_N_ELEMENTS (COMMANDS); i++)
    if (COMMANDS[i].code == command[0] && call.n >= COMMANDS[i].min && call.n <= COMMANDS[i].max)
      return COMMANDS[i].run (&call);
  return TW_PN532_SYNTAX_ERROR;
}

guint
tw_pn532_chip_wait_ms (const guint8 *command,
                       gsize         n)
{
  if (command[0] != 0x60 || n < 4 || command[1] == 0xFF)
    return 0;
  return MAX (1, command[1] * command[2] * 150u * (guint) (n - 3));
}

TwPn532Chip *
tw_pn532_chip_new (void)
{
  TwPn532Chip *self = g_new0 (TwPn532Chip, 1);

  self->remainder = g_byte_array_new ();
  self->piece = PIECE_MAX;
  tw_pn532_chip_reset (self);
  return self;
}

void
tw_pn532_chip_free (TwPn532Chip *self)
{
  if (self == NULL)
    return;
  g_byte_array_unref (self->remainder);
  g_free (self);
}

void
tw_pn532_chip_reset (TwPn532Chip *self)
{
  release (self);
  self->asleep = TRUE;
  self->field = FALSE;
  self->passive_retries = 0xFF;
  memset (self->registers, 0, sizeof self->registers);
}

gboolean
tw_pn532_chip_is_asleep (TwPn532Chip *self)
{
  return self->asleep;
}

void
tw_pn532_chip_set_asleep (TwPn532Chip *self,
                          gboolean     asleep)
{
  self->asleep = asleep;
}

void
tw_pn532_chip_set_card (TwPn532Chip          *self,
                        const TwPn532CardOps *ops,
                        gpointer              card)
{
  self->ops = ops;
  self->card = card;
  self->active = FALSE;
  g_byte_array_set_size (self->remainder, 0);
}

gboolean
tw_pn532_chip_has_card (TwPn532Chip *self)
{
  return self->ops != NULL;
}

void
tw_pn532_chip_set_piece (TwPn532Chip *self,
                         gsize        piece)
{
  g_return_if_fail (piece >= 1 && piece <= PIECE_MAX);
  self->piece = piece;
}
