/** VolumeAttachment. Upstream: pkg/registry/storage/volumeattachment/strategy.go, pkg/apis/storage/validation. */
import type {
  V1VolumeAttachment,
  V1VolumeAttachmentSource,
  V1VolumeError,
} from "#apimachinery/api/storage-v1.ts";
import { FieldPath, forbidden, required, tooLong } from "#apimachinery/field.ts";
import { dns1123Subdomain } from "#apimachinery/names.ts";
import { column, columnsOf, doc } from "#apiserver/kinds/columns.ts";
import { volumeSpecErrors } from "#apiserver/kinds/core/persistent-volume-spec.ts";
import type { Kind } from "#apiserver/kinds/kind.ts";
import { between, type Errors, immutable, named } from "#apiserver/kinds/rules/rule.ts";
import { driverName } from "#apiserver/kinds/rules/driver-name.ts";

const at = new FieldPath("spec");
const mostMetadataBytes = 256 * 1024;
const mostErrorCharacters = 1024;
const mostInt32 = 2_147_483_647;

function source(errors: Errors, given: V1VolumeAttachmentSource | undefined): void {
  const { inlineVolumeSpec, persistentVolumeName } = given ?? {};
  const here = at.child("source");
  const one = "must specify exactly one of inlineVolumeSpec and persistentVolumeName";
  if (inlineVolumeSpec === undefined && persistentVolumeName === undefined)
    errors.push(required(here, one));
  else if (inlineVolumeSpec !== undefined && persistentVolumeName !== undefined)
    errors.push(forbidden(here, one));
  else if (persistentVolumeName === "")
    errors.push(
      required(here.child("persistentVolumeName"), "must specify non empty persistentVolumeName"),
    );
  else if (inlineVolumeSpec !== undefined)
    errors.push(...volumeSpecErrors(inlineVolumeSpec, here.child("inlineVolumeSpec"), true));
}

function volumeError(errors: Errors, here: FieldPath, given: V1VolumeError | undefined): void {
  if (given === undefined) return;
  if ((given.message ?? "").length > mostErrorCharacters)
    errors.push(tooLong(here.child("message"), mostMetadataBytes));
  between(errors, here.child("errorCode"), given.errorCode, [0, mostInt32]);
}

function statusErrors({ status }: V1VolumeAttachment): Errors {
  const errors: Errors = [];
  const here = new FieldPath("status");
  const metadata = Object.entries(status?.attachmentMetadata ?? {});
  if (
    metadata.reduce((sum, [key, value]) => sum + key.length + value.length, 0) > mostMetadataBytes
  )
    errors.push(tooLong(here.child("attachmentMetadata"), mostMetadataBytes));
  volumeError(errors, here.child("attachError"), status?.attachError);
  volumeError(errors, here.child("detachError"), status?.detachError);
  return errors;
}

export const volumeAttachment: Kind<V1VolumeAttachment> = {
  gvk: "storage.k8s.io/v1/VolumeAttachment",
  statusKeeps: "metadata",
  unconditionalUpdate: false,
  validate(object) {
    const errors: Errors = [];
    const spec: Partial<V1VolumeAttachment["spec"]> = object.spec ?? {};
    driverName(errors, at.child("attacher"), spec.attacher);
    source(errors, spec.source);
    named(errors, at.child("nodeName"), spec.nodeName ?? "", dns1123Subdomain);
    errors.push(...statusErrors(object));
    if (spec.source?.persistentVolumeName !== undefined)
      named(
        errors,
        at.child("source", "persistentVolumeName"),
        spec.source.persistentVolumeName,
        dns1123Subdomain,
      );
    return errors;
  },
  validateUpdate(next, previous) {
    const errors: Errors = [];
    immutable(errors, at, next.spec, previous.spec);
    return errors;
  },
  validateStatusUpdate: statusErrors,
  columns: columnsOf(
    {
      ...column(
        "Attacher",
        "string",
        doc("storage.v1.VolumeAttachmentSpec.attacher"),
        ({ spec }: V1VolumeAttachment) => spec.attacher,
      ),
      format: "name",
    },
    column(
      "PV",
      "string",
      doc("storage.v1.VolumeAttachmentSource.persistentVolumeName"),
      ({ spec }: V1VolumeAttachment) => spec.source.persistentVolumeName ?? "",
    ),
    column(
      "Node",
      "string",
      doc("storage.v1.VolumeAttachmentSpec.nodeName"),
      ({ spec }: V1VolumeAttachment) => spec.nodeName,
    ),
    column(
      "Attached",
      "boolean",
      doc("storage.v1.VolumeAttachmentStatus.attached"),
      ({ status }: V1VolumeAttachment) => status?.attached ?? false,
    ),
  ),
};
