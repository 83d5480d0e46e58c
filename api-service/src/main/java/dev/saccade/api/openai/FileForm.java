package dev.saccade.api.openai;

import dev.saccade.api.problems.ProblemException;
import dev.saccade.api.videos.Filenames;
import dev.saccade.api.videos.Spool;
import dev.saccade.api.videos.UploadProblems;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.fileupload2.core.DiskFileItem;
import org.apache.commons.fileupload2.core.DiskFileItemFactory;
import org.apache.commons.fileupload2.core.FileItemInput;
import org.apache.commons.fileupload2.core.FileUploadException;
import org.apache.commons.fileupload2.jakarta.servlet6.JakartaServletFileUpload;
import org.jspecify.annotations.Nullable;

/** The form of {@code POST /v1/files}, whose fields come in any order: the file waits on the local disk for its purpose. */
final class FileForm implements AutoCloseable {

    private static final int BUFFER = 64 << 10;
    private static final int LONGEST_FIELD = 200;
    private static final int LARGEST_PART_HEADER = 4096;

    private final Path folder;
    private final long maxBytes;
    private @Nullable Spool spool;
    private @Nullable String purpose;
    private String filename = "";
    private long bytes;

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
            throw new ProblemException(
                    400, "malformed-multipart", "The body is no valid multipart/form-data with file and purpose.");
        } catch (IOException interrupted) {
            form.close();
            throw UploadProblems.interrupted();
        } catch (RuntimeException failure) {
            form.close();
            throw failure;
        }
    }

    private void read(HttpServletRequest request) throws IOException {
        var parser = new JakartaServletFileUpload<DiskFileItem, DiskFileItemFactory>();
        parser.setMaxPartHeaderSize(LARGEST_PART_HEADER);
        var parts = parser.getItemIterator(request);
        while (parts.hasNext()) {
            FileItemInput part = parts.next();
            String name = String.valueOf(part.getFieldName());
            if (name.equals("file") && !part.isFormField() && spool == null) {
                filename = Filenames.display(part.getName());
                spool = kept(part.getInputStream());
            } else if (name.equals("purpose")) {
                purpose = FilePurpose.checked(text(part));
            } else if (!name.startsWith("expires_after")) {
                throw ProblemException.invalid(
                        "unexpected-part", "/" + name, "Send one file and its purpose in a form, and nothing else.");
            }
        }
        if (spool == null || bytes == 0) {
            throw ProblemException.invalid(
                    "file-missing", "/file", "Send a file that isn't empty in the part \"file\".");
        }
        if (purpose == null) {
            throw ProblemException.invalid(
                    "invalid-purpose", "/purpose", "Give the file's purpose: batch, user_data or vision.");
        }
    }

    private static String text(FileItemInput part) throws IOException {
        try (InputStream content = part.getInputStream()) {
            return new String(content.readNBytes(LONGEST_FIELD), StandardCharsets.UTF_8);
        }
    }

    private Spool kept(InputStream content) throws IOException {
        Spool file = Spool.create(folder);
        spool = file;
        byte[] buffer = new byte[BUFFER];
        for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
            bytes += read;
            if (bytes > maxBytes) {
                throw UploadProblems.tooLarge(maxBytes);
            }
            try {
                file.write(buffer, 0, read);
            } catch (IOException full) {
                throw UploadProblems.noSpace(full);
            }
        }
        return file;
    }

    String purpose() {
        return String.valueOf(purpose);
    }

    String filename() {
        return filename;
    }

    long bytes() {
        return bytes;
    }

    InputStream open() throws IOException {
        Spool file = spool;
        return file == null ? InputStream.nullInputStream() : Files.newInputStream(file.finish());
    }

    @Override
    public void close() {
        if (spool != null) {
            spool.close();
        }
    }
}
