package dev.saccade.api.openai;

import dev.saccade.api.problems.ProblemException;
import dev.saccade.api.videos.Filenames;
import dev.saccade.api.videos.Received;
import dev.saccade.api.videos.Spool;
import dev.saccade.api.videos.UploadBody;
import dev.saccade.api.videos.UploadProblems;
import jakarta.servlet.http.HttpServletRequest;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import org.apache.commons.fileupload2.core.FileItemInput;
import org.apache.commons.fileupload2.core.FileUploadException;
import org.jspecify.annotations.Nullable;

/** The form of {@code POST /v1/files}, whose fields come in any order: the file waits on the local disk for its purpose. */
final class FileForm implements AutoCloseable {

    private static final int LONGEST_FIELD = 200;

    private final Path folder;
    private final long maxBytes;
    private @Nullable Spool spool;
    private @Nullable String purpose;
    private @Nullable Received received;
    private String filename = "";

    private FileForm(Path folder, long maxBytes) {
        this.folder = folder;
        this.maxBytes = maxBytes;
    }

    /** @throws ProblemException where the form is broken, incomplete or too large */
    static FileForm read(HttpServletRequest request, Path folder, long maxBytes) {
        var form = new FileForm(folder, maxBytes);
        try {
            form.read(request);
            return form;
        } catch (FileUploadException malformed) {
            form.close();
            throw malformed();
        } catch (IOException interrupted) {
            form.close();
            throw UploadProblems.interrupted();
        } catch (RuntimeException failure) {
            form.close();
            throw failure;
        }
    }

    private void read(HttpServletRequest request) throws IOException {
        var parts = UploadBody.parts(request);
        while (parts.hasNext()) {
            FileItemInput part = parts.next();
            String name = String.valueOf(part.getFieldName());
            if (name.equals("file") && !part.isFormField() && spool == null) {
                filename = Filenames.display(part.getName());
                spool = Spool.create(folder);
                received = Received.of(new FilePart(part.getInputStream()), spool, maxBytes);
            } else if (name.equals("purpose")) {
                purpose = FilePurpose.checked(text(part));
            } else if (!name.startsWith("expires_after")) {
                throw ProblemException.invalid(
                        "unexpected-part", "/" + name, "Send one file and its purpose in a form, and nothing else.");
            }
        }
        if (received == null || received.bytes() == 0) {
            throw ProblemException.invalid(
                    "file-missing", "/file", "Send a file that isn't empty in the part \"file\".");
        }
        if (purpose == null) {
            throw ProblemException.invalid(
                    "invalid-purpose", "/purpose", "Give the file's purpose: batch, user_data or vision.");
        }
    }

    private static ProblemException malformed() {
        return new ProblemException(
                400, "malformed-multipart", "The body is no valid multipart/form-data with file and purpose.");
    }

    /** Where the form ends within the file, it is the form that is wrong. */
    private static final class FilePart extends FilterInputStream {

        FilePart(InputStream content) {
            super(content);
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            try {
                return super.read(buffer, offset, length);
            } catch (FileUploadException broken) {
                throw malformed();
            }
        }
    }

    private static String text(FileItemInput part) throws IOException {
        try (InputStream content = part.getInputStream()) {
            return new String(content.readNBytes(LONGEST_FIELD), StandardCharsets.UTF_8);
        }
    }

    String purpose() {
        return String.valueOf(purpose);
    }

    String filename() {
        return filename;
    }

    /** The file, until this is closed. */
    Received file() {
        return Objects.requireNonNull(received);
    }

    @Override
    public void close() {
        if (spool != null) {
            spool.close();
        }
    }
}
