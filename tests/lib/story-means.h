/* SPDX-License-Identifier: Apache-2.0 */
/* Private to the stories: what story.c asks of a means of payment. */
#pragma once

#include "tests/lib/story.h"

void        story_means_new (Story *self);
void        story_means_free (Story *self);
TwAcceptor *story_means_acceptor (Story *self);
gboolean    story_means_settle (Story *self);
void        story_means_hold_answers (Story *self, gboolean hold);
gboolean    story_means_answer (Story *self);
void        story_means_script (Story *self, StoryEnd end);
