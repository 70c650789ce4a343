/* SPDX-License-Identifier: Apache-2.0 */
#include "app/reader/service.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "app/base/bytes.h"
#include "app/base/error.h"
#include "app/base/log.h"
#include "app/reader/channel.h"
#include "app/reader/serving.h"
#include "payment/card/card.h"

#define ALIVE_US      (2 * G_USEC_PER_SEC)
#define HELLO_US      (10 * G_USEC_PER_SEC)
#define IDLE_MS       500
#define REMOVAL_MS    200

gint64
tw_serving_now_us (TwServing *self)
{
  return tw_clock_now (self->service->clock).boot_us;
}

gboolean
tw_serving_send (TwServing       *self,
                 const TwMessage *message,
                 GError         **error)
{
  self->alive_us = tw_serving_now_us (self);
  return tw_channel_send (self->service->fd, message, error);
}

static void
rest (TwServing *self,
      guint      ms)
{
  struct pollfd poll_fd = { .fd = self->service->fd, .events = POLLIN };

  if (self->service->pause != NULL)
    self->service->pause (self->service->pause_data, self->service->fd, ms);
  else
    (void) poll (&poll_fd, 1, ms);
}

static gboolean
show_life (TwServing *self,
           GError   **error)
{
  const TwMessage alive = { .kind = TW_MESSAGE_ALIVE };

  return tw_serving_now_us (self) - self->alive_us < ALIVE_US || tw_serving_send (self, &alive, error);
}

TwMessage *
tw_serving_listen (TwServing *self,
                   guint      ms,
                   GError   **error)
{
  if (self->service->hang_s > 0)
    (void) alarm (self->service->hang_s);
  if (!show_life (self, error))
    return NULL;
  if (ms > 0)
    rest (self, ms);
  return tw_channel_receive (self->service->fd, TW_MESSAGE_FROM_DAEMON, error);
}

gboolean
tw_serving_watch_removal (TwServing *self,
                          GError   **error)
{
  const TwMessage removed = { .kind = TW_MESSAGE_HINT, .request = self->last_request, .prompt = (char *) "removed" };
  const TwService *service = self->service;

  if (!self->in_field || service->port->present (service->nfc))
    return TRUE;

  self->in_field = FALSE;
  service->port->release (service->nfc);
  service->port->field (service->nfc, FALSE);
  if (self->last_request == 0)
    return TRUE;   /* it lay there before anybody asked */
  return tw_serving_send (self, &removed, error);
}

/* Two programs of one configuration: where they read it at different times, neither knows what the other is. */
static gboolean
check_hello (const TwService *service,
             const TwMessage *hello,
             GError         **error)
{
  const char *key_id = service->seal_key != NULL ? tw_seal_key_id (service->seal_key) : NULL;
  const char *gateway = service->config->gateway_kind != NULL ? service->config->gateway_kind : TW_MESSAGE_NO_GATEWAY;

  if (g_strcmp0 (hello->device, service->config->reader_device) == 0 &&
      g_strcmp0 (hello->gateway, gateway) == 0 &&
      (g_strv_length (hello->key_ids) == 0 ||
       (key_id != NULL && g_strv_contains ((const char *const *) hello->key_ids, key_id))))
    return TRUE;

  g_set_error (error, TW_ERROR, TW_ERROR_BAD_STATE, "the daemon expects another device, gateway or encryption "
               "certificate than this reader was started with: restart both after changing the configuration");
  return FALSE;
}

static gboolean
await_hello (TwServing *self,
             GError   **error)
{
  gint64 until_us = tw_serving_now_us (self) + HELLO_US;
  g_autoptr(GError) problem = NULL;

  while (tw_serving_now_us (self) < until_us)
    {
      g_autoptr(TwMessage) message = tw_channel_receive (self->service->fd, TW_MESSAGE_FROM_DAEMON, &problem);

      if (problem != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&problem));
          return FALSE;
        }
      if (message != NULL && message->kind == TW_MESSAGE_HELLO)
        return check_hello (self->service, message, error);
      if (message != NULL)
        break;
      rest (self, IDLE_MS);
    }

  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "the daemon did not begin with \"hello\"");
  return FALSE;
}

static gboolean
send_ready (TwServing *self,
            GError   **error)
{
  const TwService *service = self->service;
  gboolean test = service->config->bank_cards_test;
  const char *capabilities[8] = { "identify" }, *kernels[] = { test ? "visa-3" : NULL, NULL };
  TwMessage ready = { .kind = TW_MESSAGE_READY, .version = (char *) TW_VERSION, .key_table = (char *) "none",
                      .device = (char *) service->port->name (service->nfc), .kernels = (char **) kernels,
                      .capabilities = (char **) capabilities };
  guint n = 1;

  if (test && service->seal_key != NULL)
    capabilities[n++] = "authorize";
  if (test)
    capabilities[n++] = "test-mode";
  if (service->sandboxed)
    capabilities[n++] = "sandboxed";
  if (service->memory_locked)
    capabilities[n++] = "memory-locked";
  return tw_serving_send (self, &ready, error);
}

static gboolean
handle (TwServing       *self,
        const TwMessage *message,
        GError         **error)
{
  switch (message->kind)
    {
    case TW_MESSAGE_IDENTIFY:
    case TW_MESSAGE_AUTHORIZE:
      return tw_serving_request (self, message, error);

    case TW_MESSAGE_CANCEL:    /* of a request that is answered: the two crossed */
      return TRUE;

    case TW_MESSAGE_HELLO:
    case TW_MESSAGE_READY:
    case TW_MESSAGE_HINT:
    case TW_MESSAGE_CARD:
    case TW_MESSAGE_SEALED:
    case TW_MESSAGE_FAILED:
    case TW_MESSAGE_ALIVE:
      break;
    }

  g_set_error (error, TW_ERROR, TW_ERROR_BAD_DATA, "the daemon said \"%s\" out of turn",
               tw_message_kind_name (message->kind));
  return FALSE;
}

static gboolean
serve (TwServing *self,
       GError   **error)
{
  while (TRUE)
    {
      g_autoptr(GError) problem = NULL;
      g_autoptr(TwMessage) message = tw_serving_listen (self, self->in_field ? REMOVAL_MS : IDLE_MS, &problem);

      if (problem != NULL || (message != NULL && !handle (self, message, &problem)) ||
          !tw_serving_watch_removal (self, &problem))
        {
          g_propagate_error (error, g_steal_pointer (&problem));
          return FALSE;
        }
    }
}

/* A closed socket is how the daemon says that we are done. A lost reader is GONE too, but not a good end. */
static gboolean
socket_is_closed (int fd)
{
  struct pollfd poll_fd = { .fd = fd, .events = POLLIN };

  return poll (&poll_fd, 1, 0) == 1 && (poll_fd.revents & POLLHUP) != 0;
}

/* A restart forgets who tapped. A card that lies there has not come, and must leave before it counts: otherwise the
 * start of a program would be a tap. */
static void
notice_lying_card (TwServing *self)
{
  const TwService *service = self->service;
  TwTarget target;

  service->port->field (service->nfc, TRUE);
  self->in_field = service->port->find (service->nfc, &target, NULL);
  if (!self->in_field)
    service->port->field (service->nfc, FALSE);
}

gboolean
tw_service_run (const TwService *self,
                GError         **error)
{
  TwServing serving = { .service = self };
  g_autoptr(GError) problem = NULL;

  notice_lying_card (&serving);
  if (await_hello (&serving, &problem) && send_ready (&serving, &problem))
    (void) serve (&serving, &problem);

  self->port->field (self->nfc, FALSE);
  if (g_error_matches (problem, TW_ERROR, TW_ERROR_GONE) && socket_is_closed (self->fd))
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

gboolean
tw_service_warm_up (const TwService *self,
                    GError         **error)
{
  g_autofree char *random = tw_random_hex (4);
  g_autoptr(GBytes) nothing = tw_secret_new ("{}", 2);
  g_autofree char *digest = tw_sha256_hex (nothing);
  g_autofree char *sealed = NULL;

  /* GLib reads charset.alias when it first wants to know what characters look like. */
  (void) g_get_charset (NULL);
  (void) g_get_console_charset (NULL);
  (void) g_get_filename_charsets (NULL);
  (void) g_strerror (EPIPE);   /* and the C library its catalogue, when it first has to name an error */
  tw_card_warm_up ();
  if (self->seal_key == NULL)
    return TRUE;

  sealed = tw_jwe_encrypt (self->seal_key, nothing, tw_clock_now (self->clock).wall_us / G_USEC_PER_SEC, error);
  return sealed != NULL;
}
