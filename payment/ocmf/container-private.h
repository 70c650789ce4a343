/* SPDX-License-Identifier: Apache-2.0 */
/* Private to payment/ocmf: how a container is filled. */
#pragma once

#include "payment/ocmf/container.h"

/* Records in text, which begins in this line of the file and outlives the container. What is none is a stray, named
 * after hint if it is not NULL. FALSE: too many records. */
gboolean         tw_ocmf_container_add_text (TwOcmfContainer *self, const char *text, gsize len, guint line,
                                             const char *hint, GError **error);
void             tw_ocmf_container_add_stray (TwOcmfContainer *self, guint line, const char *text, gsize len,
                                              const char *hint);
/* The same key for the same text. */
const TwOcmfKey *tw_ocmf_container_key (TwOcmfContainer *self, const char *text);

gboolean         tw_ocmf_xml_read (TwOcmfContainer *self, const char *text, gsize len, GError **error);
