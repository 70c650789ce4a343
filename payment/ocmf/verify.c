/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/ocmf/key.h"
#include "payment/ocmf/signature.h"

#include <string.h>

static const char *const VERDICTS[] = {
  [TW_OCMF_VALID] = "valid",
  [TW_OCMF_VALID_LENIENT] = "valid_lenient",
  [TW_OCMF_INVALID] = "invalid",
  [TW_OCMF_NO_KEY] = "no_key",
  [TW_OCMF_UNTRUSTED_KEY] = "untrusted_key",
  [TW_OCMF_KEY_MISMATCH] = "key_mismatch",
  [TW_OCMF_UNSUPPORTED] = "unsupported",
  [TW_OCMF_MALFORMED] = "malformed",
};

const char *
tw_ocmf_verdict_name (TwOcmfVerdict verdict)
{
  return VERDICTS[verdict];
}

gboolean
tw_ocmf_verdict_is_good (TwOcmfVerdict verdict)
{
  return verdict == TW_OCMF_VALID || verdict == TW_OCMF_VALID_LENIENT;
}

void
tw_ocmf_judgement_clear (TwOcmfJudgement *self)
{
  g_clear_pointer (&self->reason, g_free);
}

static char *
lenient_reason (guint notes)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new ();

  if (notes & TW_OCMF_NOTE_ENCODING_MISMATCH)
    g_ptr_array_add (words, (char *) "not encoded as SE says");
  if (notes & TW_OCMF_NOTE_LENIENT_DER)
    g_ptr_array_add (words, (char *) "its integers are not as DER wants them");
  if (notes & TW_OCMF_NOTE_RAW_SIGNATURE)
    g_ptr_array_add (words, (char *) "r and s without DER");
  g_ptr_array_add (words, NULL);

  return g_strjoinv ("; ", (char **) words->pdata);
}

/* The judgement with one key. */
static void
judge (const TwOcmfRecord *record,
       const TwOcmfCurve  *curve,
       const TwOcmfKey    *key,
       TwOcmfKeySource     source,
       TwOcmfJudgement    *judgement)
{
  TwOcmfKeyForm *form;
  TwOcmfSignature signature;

  *judgement = (TwOcmfJudgement) { .key_source = source };
  judgement->curve = key->curve != NULL ? key->curve->name : curve->name;
  form = tw_ocmf_key_form (key, curve, &judgement->verdict, &judgement->reason);
  if (form == NULL)
    return;

  g_strlcpy (judgement->key_id, form->id, sizeof judgement->key_id);
  if (!tw_ocmf_signature_read (record, curve, &signature, &judgement->verdict, &judgement->reason))
    return;

  if (!tw_ocmf_key_form_verifies (form, signature.der, signature.n, record->digest))
    {
      judgement->verdict = TW_OCMF_INVALID;
      judgement->reason = g_strdup ("the signature is not by this key over these bytes");
      return;
    }

  judgement->notes = signature.notes;
  judgement->verdict = signature.notes == 0 ? TW_OCMF_VALID : TW_OCMF_VALID_LENIENT;
  if (signature.notes != 0)
    judgement->reason = lenient_reason (signature.notes);
}

/* The keys of the record's signer, of its meter and of its gateway: either may sign. */
typedef struct { const GPtrArray *of[2]; guint n; } Registered;

static Registered
find_registered (const TwOcmfRecord   *record,
                 const TwOcmfRegistry *registry)
{
  const char *serials[] = { record->serial, record->gateway_serial };
  Registered found = { 0 };

  for (guint i = 0; registry != NULL && i < G_N_ELEMENTS (serials); i++)
    {
      found.of[i] = serials[i] == NULL ? NULL : tw_ocmf_registry_keys (registry, serials[i]);
      found.n += found.of[i] == NULL ? 0 : found.of[i]->len;
    }

  return found;
}

static const TwOcmfKey *
registered_key (const Registered *self,
                guint             i)
{
  guint n_first = self->of[0] == NULL ? 0 : self->of[0]->len;

  return i < n_first ? self->of[0]->pdata[i] : self->of[1]->pdata[i - n_first];
}

static gboolean
is_registered (const Registered *self,
               const char       *key_id)
{
  for (guint i = 0; i < self->n; i++)
    if (tw_ocmf_key_is (registered_key (self, i), key_id))
      return TRUE;

  return FALSE;
}

static void
distrust (TwOcmfJudgement *judgement)
{
  tw_ocmf_judgement_clear (judgement);
  judgement->verdict = TW_OCMF_UNTRUSTED_KEY;
  judgement->reason = g_strdup ("the signature is good, but its signer is registered with another key");
}

/* The first key that is good; else what the first says that is on the right curve; else what the first says. */
static void
judge_by_registered (const TwOcmfRecord *record,
                     const TwOcmfCurve  *curve,
                     const Registered   *registered,
                     TwOcmfJudgement    *judgement)
{
  judge (record, curve, registered_key (registered, 0), TW_OCMF_KEY_REGISTRY, judgement);
  for (guint i = 1; i < registered->n && !tw_ocmf_verdict_is_good (judgement->verdict); i++)
    {
      TwOcmfJudgement other;

      judge (record, curve, registered_key (registered, i), TW_OCMF_KEY_REGISTRY, &other);
      if (tw_ocmf_verdict_is_good (other.verdict) || judgement->verdict == TW_OCMF_KEY_MISMATCH)
        {
          tw_ocmf_judgement_clear (judgement);
          *judgement = other;
        }
      else
        tw_ocmf_judgement_clear (&other);
    }
}

void
tw_ocmf_verify (const TwOcmfRecord *record,
                const TwOcmfKeys   *keys,
                TwOcmfJudgement    *judgement)
{
  const TwOcmfCurve *curve = tw_ocmf_curve_of_algorithm (record->algorithm);
  Registered registered = find_registered (record, keys->registry);
  const TwOcmfKey *own = keys->given != NULL ? keys->given : keys->container;
  TwOcmfKeySource source = keys->given != NULL ? TW_OCMF_KEY_GIVEN : TW_OCMF_KEY_CONTAINER;
  TwOcmfJudgement by_own;

  *judgement = (TwOcmfJudgement) { .curve = curve == NULL ? NULL : curve->name };
  if (curve == NULL)
    {
      judgement->verdict = TW_OCMF_UNSUPPORTED;
      judgement->reason = g_strdup ("the algorithm (SA) is not one of the seven that records use");
      return;
    }

  if (keys->given == NULL && registered.n > 0)
    judge_by_registered (record, curve, &registered, judgement);
  else
    judgement->verdict = TW_OCMF_NO_KEY;
  if (tw_ocmf_verdict_is_good (judgement->verdict))
    return;

  if (own == NULL)
    {
      if (judgement->verdict == TW_OCMF_NO_KEY)
        judgement->reason = g_strdup ("no key was given, none came with the record, and none is registered for its "
                                      "signer");
      return;
    }

  judge (record, curve, own, source, &by_own);
  if (tw_ocmf_verdict_is_good (by_own.verdict) && registered.n > 0 && !is_registered (&registered, by_own.key_id))
    distrust (&by_own);

  if (judgement->verdict == TW_OCMF_NO_KEY || by_own.verdict == TW_OCMF_UNTRUSTED_KEY)
    {
      tw_ocmf_judgement_clear (judgement);
      *judgement = by_own;
    }
  else
    tw_ocmf_judgement_clear (&by_own);
}
