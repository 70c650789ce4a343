/* SPDX-License-Identifier: Apache-2.0 */
#include "app/reader/channel.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "app/base/bytes.h"
#include "app/base/error.h"

gboolean
tw_channel_send (int              fd,
                 const TwMessage *message,
                 GError         **error)
{
  g_autoptr(GBytes) text = tw_message_encode (message, error);
  gsize n;
  const void *data;
  gssize sent;

  if (text == NULL)
    return FALSE;

  data = g_bytes_get_data (text, &n);
  do
    sent = send (fd, data, n, MSG_DONTWAIT | MSG_NOSIGNAL);
  while (sent < 0 && errno == EINTR);
  if (sent == (gssize) n)
    return TRUE;

  g_set_error (error, TW_ERROR, TW_ERROR_GONE, "the other end of the reader's socket does not take \"%s\": %s",
               tw_message_kind_name (message->kind), sent < 0 ? g_strerror (errno) : "cut off");
  return FALSE;
}

TwMessage *
tw_channel_receive (int           fd,
                    TwMessageFrom from,
                    GError      **error)
{
  char text[TW_MESSAGE_MOST + 1];
  gssize n;

  do
    n = recv (fd, text, sizeof text, MSG_DONTWAIT | MSG_TRUNC);
  while (n < 0 && errno == EINTR);

  if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
    return NULL;

  if (n <= 0)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_GONE, "the other end of the reader's socket is closed%s%s",
                   n < 0 ? ": " : "", n < 0 ? g_strerror (errno) : "");
      return NULL;
    }

  if (n > TW_MESSAGE_MOST)
    {
      g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "reader message of more than %d bytes", TW_MESSAGE_MOST);
      return NULL;
    }
  return tw_message_decode (text, n, from, error);
}
