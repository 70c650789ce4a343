/* SPDX-License-Identifier: Apache-2.0 */
#include "hw/port/line.h"

static void
throw_away (TwPortLine *self)
{
  self->thrown_away += self->len;
  self->len = 0;
  self->inside = FALSE;
}

void
tw_port_line_reset (TwPortLine *self)
{
  self->len = 0;
  self->inside = FALSE;
  self->text[0] = '\0';
}

gboolean
tw_port_line_push (TwPortLine *self,
                   guint8      byte)
{
  /* The line handed out last time was taken by then. */
  if (!self->inside)
    self->len = 0;

  if (byte == '$')
    {
      throw_away (self);
      self->inside = TRUE;
    }
  if (!self->inside)
    {
      self->thrown_away++;
      return FALSE;
    }

  if (byte == '\r')
    {
      self->text[self->len] = '\0';
      self->inside = FALSE;
      return TRUE;
    }
  if (byte < 0x20 || byte > 0x7e || self->len == TW_PORT_LINE_MAX)
    {
      throw_away (self);
      self->thrown_away++;
      return FALSE;
    }

  self->text[self->len++] = (char) byte;
  return FALSE;
}
