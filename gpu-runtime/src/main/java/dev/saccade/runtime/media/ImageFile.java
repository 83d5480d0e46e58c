package dev.saccade.runtime.media;

import dev.saccade.runtime.MediaException;
import dev.saccade.runtime.MediaLimits;
import dev.saccade.runtime.media.ClipFacts.Kind;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.RenderedImage;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadWarningListener;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Reads JPEG and PNG files. The size in the header is checked before pixels are decoded. Orientation tags are ignored
 * and transparent pictures are put on white, as the reference does.
 */
final class ImageFile {

    private static final String JPEG = "jpeg";

    static ClipFacts facts(Path file, String format, MediaLimits limits) {
        return read(file, format, limits, (reader, truncated) -> facts(reader, format));
    }

    static RgbFrame decode(Path file, String format, MediaLimits limits) {
        return read(file, format, limits, (reader, truncated) -> {
            RenderedImage image = reader.read(0);
            if (truncated.get()) {
                throw truncated(format);
            }
            return toRgb(image);
        });
    }

    private static ClipFacts facts(ImageReader reader, String format) throws IOException {
        return new ClipFacts(Kind.IMAGE, format, format, reader.getWidth(0), reader.getHeight(0), 0, 0, 1);
    }

    private interface Reading<T> {
        T from(ImageReader reader, AtomicBoolean truncated) throws IOException;
    }

    private static <T> T read(Path file, String format, MediaLimits limits, Reading<T> reading) {
        ImageReader reader = ImageIO.getImageReadersByFormatName(format).next();
        AtomicBoolean truncated = new AtomicBoolean();
        reader.addIIOReadWarningListener(new TruncationListener(truncated));
        try (InputStream bytes = format.equals(JPEG) ? JpegSource.open(file) : Files.newInputStream(file);
                MemoryCacheImageInputStream in = new MemoryCacheImageInputStream(bytes)) {
            MediaRules.requireImageBytes(Files.size(file), limits);
            reader.setInput(in, true, true);
            checkSize(reader, limits);
            return reading.from(reader, truncated);
        } catch (MediaException e) {
            throw e;
        } catch (ClosedByInterruptException e) {
            throw MediaRules.cancelled(e);
        } catch (EOFException e) {
            throw truncated(format);
        } catch (IOException | RuntimeException e) {
            if (e.getCause() instanceof EOFException) {
                throw truncated(format);
            }
            throw new MediaException(
                    "media-unreadable",
                    "The " + name(format) + " image can't be decoded; it is damaged, cut off or of a rare kind. Save it"
                            + " again as an RGB JPEG or PNG.",
                    e);
        } finally {
            reader.dispose();
        }
    }

    private static void checkSize(ImageReader reader, MediaLimits limits) throws IOException {
        MediaRules.requireResolution(reader.getWidth(0), reader.getHeight(0), limits);
    }

    private static MediaException truncated(String format) {
        return new MediaException(
                "media-truncated", "The " + name(format) + " image ends too early; send the whole file.");
    }

    private static String name(String format) {
        return format.equals(JPEG) ? "JPEG" : "PNG";
    }

    /** libjpeg fills what is missing with grey and only warns. */
    private record TruncationListener(AtomicBoolean truncated) implements IIOReadWarningListener {
        @Override
        public void warningOccurred(ImageReader source, String warning) {
            if (warning.contains("Premature end") || warning.contains("Truncated")) {
                truncated.set(true);
            }
        }
    }

    /**
     * Straight from the samples: colour management would change grey pictures, which Pillow copies to three channels.
     * Alpha counts only beside three colours, as in the reference.
     */
    private static RgbFrame toRgb(RenderedImage image) throws IOException {
        Raster raster = image.getData();
        int width = raster.getWidth();
        int height = raster.getHeight();
        byte[] pixels = new byte[Math.multiplyExact(Math.multiplyExact(width, height), 3)];
        int bands = raster.getNumBands();
        int shift = raster.getSampleModel().getSampleSize(0) - 8;
        IndexColorModel palette = image.getColorModel() instanceof IndexColorModel colours ? colours : null;
        int[] row = new int[width * bands];
        for (int y = 0; y < height; y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
            int to = y * width * 3;
            for (int x = 0; x < width; x++, to += 3) {
                if (palette != null) {
                    int rgb = palette.getRGB(row[x]);
                    pixels[to] = (byte) (rgb >> 16);
                    pixels[to + 1] = (byte) (rgb >> 8);
                    pixels[to + 2] = (byte) rgb;
                } else {
                    putPixel(pixels, to, row, x * bands, bands, shift);
                }
            }
        }
        return new RgbFrame(pixels, height, width);
    }

    private static void putPixel(byte[] pixels, int to, int[] samples, int from, int bands, int shift) {
        boolean grey = bands < 3;
        int alpha = bands == 4 ? eightBits(samples[from + 3], shift) : 255;
        for (int channel = 0; channel < 3; channel++) {
            int level = eightBits(samples[grey ? from : from + channel], shift);
            pixels[to + channel] = (byte) onWhite(level, alpha);
        }
    }

    private static int eightBits(int sample, int shift) {
        return switch (shift) {
            case 0 -> sample;
            case 8 -> sample >> 8;
            default -> sample * 255 / ((1 << (8 + shift)) - 1);
        };
    }

    /** Pillow's integer blend. */
    private static int onWhite(int level, int alpha) {
        int sum = level * alpha + 255 * (255 - alpha) + 128;
        return ((sum >> 8) + sum) >> 8;
    }

    private ImageFile() {}
}
