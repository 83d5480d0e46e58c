package dev.saccade.runtime.media;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.runtime.MediaLimits;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ImageFileTest {

    private static final Path IMAGES =
            Path.of(System.getProperty("saccade.home"), "gpu-runtime", "demo-clips", "image", "clips");

    @TempDir
    private Path folder;

    /** Sums made with Pillow 13: sha256(numpy.asarray(Image.open(file).convert("RGB")).tobytes()). */
    @ParameterizedTest
    @CsvSource({
        "image_000.jpg, 7b8ac3df4358fbd0dcbd1cd78f88bd04ae79a756c79776ca33a2d1dab11120d9",
        "image_001.jpg, 283d0ca269c942e04b5064c07d753c5bc93acc298d317aa16e25eb0aa5c1870f",
        "image_002.jpg, 9f659fee624d94ce885f2481be735fefc4af0209ad67c78a75bd131d999970ed",
        "image_003.jpg, 0ca07ad884aa2c011baf454c631e077858acb0210bbe631c81a0e408ac0e8fef",
        "image_004.jpg, dc84137d4e4dd314b0719141bd134c591a47399914a391c23df5be18f86364bf",
        "image_005.jpg, 895ba6e2d02ff4d91d924a5d16a04554b3478ed8362fbc54f0386fc4da7e65e6",
        "image_006.jpg, 0d6abe2dc26540e2a22f5e0fde9d2487f023f8f7304deb0ffce5105622fed16c",
        "image_007.jpg, ce6f2519572f17e7274905f1e2f1b23c572dd5fc5dea1ca5bf78deea8793aab7",
        "image_008.jpg, f26642ca32fdf017bc7da12f871d530fff6ebdc680d83d2277707fc4b3a5b7ab",
        "image_009.jpg, eef48d65060a33ad37da3a6d109d5ca9cfbf3c511a18387df5e26a98c4096e53",
        "image_010.jpg, 8f75d7e5881ba36612d32a9812a50bfb4c2eeffb003333c22503766b628c6394",
        "image_011.jpg, 7d5f7bd9c3005a0f7b10e7caafe959d9c9e930b0d71934a66c70d9ccc8394961",
    })
    void jpegsAreDecodedToPillowsPixels(String name, String sum) throws NoSuchAlgorithmException {
        byte[] pixels = ImageFile.decode(IMAGES.resolve(name), "jpeg", MediaLimits.DEFAULT)
                .pixels();
        assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(pixels)))
                .isEqualTo(sum);
    }

    @Test
    void transparentPixelsAreBlendedWithWhite() throws IOException {
        BufferedImage image = new BufferedImage(3, 1, BufferedImage.TYPE_INT_ARGB);
        image.setRGB(0, 0, 0x00102030);
        image.setRGB(1, 0, 0xff102030);
        image.setRGB(2, 0, 0x80000000);
        // 255 * (255 - 128) / 255, rounded
        assertThat(decodePng(image)).containsExactly(255, 255, 255, 0x10, 0x20, 0x30, 127, 127, 127);
    }

    @Test
    void greyLevelsAreCopiedToAllChannels() throws IOException {
        BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_GRAY);
        image.getRaster().setSample(0, 0, 0, 77);
        image.getRaster().setSample(1, 0, 0, 200);
        assertThat(decodePng(image)).containsExactly(77, 77, 77, 200, 200, 200);
    }

    @Test
    void blackAndWhitePicturesUseTheWholeRange() throws IOException {
        BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_BINARY);
        image.setRGB(1, 0, 0xffffffff);
        assertThat(decodePng(image)).containsExactly(0, 0, 0, 255, 255, 255);
    }

    private int[] decodePng(BufferedImage image) throws IOException {
        Path file = folder.resolve("image.png");
        ImageIO.write(image, "png", file.toFile());
        byte[] pixels = ImageFile.decode(file, "png", MediaLimits.DEFAULT).pixels();
        int[] levels = new int[pixels.length];
        for (int i = 0; i < pixels.length; i++) {
            levels[i] = pixels[i] & 0xff;
        }
        return levels;
    }
}
