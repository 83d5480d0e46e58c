package dev.saccade.ledger;

import java.util.UUID;

/** Where things lie in the object store's bucket. */
public final class ObjectKeys {

    private ObjectKeys() {}

    /** The bytes of an uploaded video or image, as they came. */
    public static String video(UUID tenantId, UUID videoId) {
        return "tenants/" + tenantId + "/videos/" + videoId;
    }

    /** What a client has sent of an upload, before anybody looked at it; ends with a slash. */
    public static String uploadFolder(UUID tenantId, UUID videoId) {
        return "tenants/" + tenantId + "/uploads/" + videoId + "/";
    }
}
