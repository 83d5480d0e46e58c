package dev.saccade.api.videos;

import dev.saccade.api.problems.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import org.apache.commons.fileupload2.core.DiskFileItem;
import org.apache.commons.fileupload2.core.DiskFileItemFactory;
import org.apache.commons.fileupload2.core.FileItemInput;
import org.apache.commons.fileupload2.core.FileItemInputIterator;
import org.apache.commons.fileupload2.core.FileUploadException;
import org.apache.commons.fileupload2.jakarta.servlet6.JakartaServletFileUpload;
import org.jspecify.annotations.Nullable;

/**
 * A multipart body with one part, {@code file}, read as it arrives from the network: nothing is kept.
 *
 * @param filename what the client calls the file; null where it does not say
 * @param content the file's bytes, once
 * @param rest what follows the file, once its bytes are read
 */
public record UploadBody(@Nullable String filename, DigestInputStream content, FileItemInputIterator rest) {

    private static final String FIELD = "file";
    private static final int LARGEST_PART_HEADER = 4096;

    /** Reads up to the first byte of the file. */
    static UploadBody open(HttpServletRequest request) {
        try {
            FileItemInputIterator parts = parts(request);
            if (!parts.hasNext()) {
                throw missing();
            }
            FileItemInput part = parts.next();
            if (part.isFormField() || !FIELD.equals(part.getFieldName())) {
                throw missing();
            }
            var content = new DigestInputStream(part.getInputStream(), Received.newDigest());
            return new UploadBody(part.getName(), content, parts);
        } catch (FileUploadException malformed) {
            throw malformed();
        } catch (IOException interrupted) {
            throw UploadProblems.interrupted();
        }
    }

    /** The parts of any form, as they arrive. */
    public static FileItemInputIterator parts(HttpServletRequest request) throws IOException {
        var parser = new JakartaServletFileUpload<DiskFileItem, DiskFileItemFactory>();
        parser.setMaxPartHeaderSize(LARGEST_PART_HEADER);
        return parser.getItemIterator(request);
    }

    /** Call when the file's bytes are read: the body must end there, with its closing boundary. */
    void requireEnd() {
        try {
            if (rest.hasNext()) {
                throw new ProblemException(
                        422, "unexpected-part", "The form has more than the part \"file\". Send one file a request.");
            }
        } catch (FileUploadException malformed) {
            throw malformed();
        } catch (IOException interrupted) {
            throw UploadProblems.interrupted();
        }
    }

    /** SHA-256 over the file's bytes, of which it reads the rest, and its name. Ask once. */
    byte[] digest() {
        try {
            content.transferTo(OutputStream.nullOutputStream());
        } catch (FileItemInput.ItemSkippedException readBefore) {
            // closed by requireEnd, which comes after its last byte
        } catch (IOException interrupted) {
            throw UploadProblems.interrupted();
        }
        MessageDigest digest = content.getMessageDigest();
        return digest.digest(String.valueOf(filename).getBytes(StandardCharsets.UTF_8));
    }

    private static ProblemException malformed() {
        return new ProblemException(
                400,
                "malformed-multipart",
                "The body is no valid multipart/form-data. Send the file as part \"file\".");
    }

    private static ProblemException missing() {
        return new ProblemException(
                422,
                "file-missing",
                "The form lacks a file in its part \"file\". Send the clip there, with a file name.");
    }
}
