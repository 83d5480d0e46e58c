package dev.saccade.api.videos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.saccade.api.problems.ProblemException;
import dev.saccade.api.running.RunningApi;
import dev.saccade.api.store.ObjectStore;
import dev.saccade.ledger.tenants.ApiKeys;
import dev.saccade.ledger.tenants.Caller;
import dev.saccade.ledger.videos.VideoLedger;
import dev.saccade.runtime.MediaLimits;
import dev.saccade.runtime.media.MediaProbe;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.util.NoSuchElementException;
import java.util.stream.Stream;
import org.apache.commons.fileupload2.core.FileItemInput;
import org.apache.commons.fileupload2.core.FileItemInputIterator;
import org.junit.jupiter.api.Test;

/** Uploads onto a disk of 1 MiB, with the real store and the real ledger. */
final class FullDiskTest {

    private final RunningApi api = RunningApi.get();

    @Test
    void fullDiskEndsTheUploadAndLeavesNothing() throws IOException {
        Configuration small =
                Configuration.unix().toBuilder().setMaxSize(1L << 20).build();
        try (FileSystem disk = Jimfs.newFileSystem(small)) {
            Path folder = disk.getPath("/uploads");
            VideoUploads uploads = new VideoUploads(
                    api.bean(VideoLedger.class),
                    api.bean(ObjectStore.class),
                    new MediaProbe(MediaLimits.DEFAULT),
                    new UploadLimits(100L << 20, 1, 1, folder, true));
            Caller caller =
                    api.bean(ApiKeys.class).authenticate(api.newTenant().key()).orElseThrow();

            ProblemException failure = catchThrowableOfType(
                    ProblemException.class,
                    () -> uploads.receive(
                            caller,
                            new UploadBody(
                                    "big.mp4",
                                    new DigestInputStream(
                                            new ByteArrayInputStream(new byte[12 << 20]), Received.newDigest()),
                                    new NoMore())));

            assertThat(failure.problem().status()).isEqualTo(507);
            assertThat(failure.problem().code()).isEqualTo("insufficient-storage");
            assertThat(api.store().filesNaming(caller.tenantId().toString())).isEmpty();
            try (Stream<Path> files = Files.list(folder)) {
                assertThat(files).isEmpty();
            }
        }
    }

    private static final class NoMore implements FileItemInputIterator {

        @Override
        public long getFileSizeMax() {
            return -1;
        }

        @Override
        public long getSizeMax() {
            return -1;
        }

        @Override
        public boolean hasNext() {
            return false;
        }

        @Override
        public FileItemInput next() {
            throw new NoSuchElementException();
        }

        @Override
        public void setFileSizeMax(long limit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void setSizeMax(long limit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public java.util.Iterator<FileItemInput> unwrap() {
            throw new UnsupportedOperationException();
        }
    }
}
