package dev.saccade.api.egress;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;

/** Tells addresses of the public internet from all others, by IANA's special-purpose registries. */
final class PublicAddresses {

    private record Block(int address, int bits) {

        static Block of(int a, int b, int c, int d, int bits) {
            return new Block(a << 24 | b << 16 | c << 8 | d, bits);
        }

        boolean holds(int other) {
            return (address ^ other) >>> (32 - bits) == 0;
        }
    }

    private static final List<Block> SPECIAL = List.of(
            Block.of(0, 0, 0, 0, 8),
            Block.of(10, 0, 0, 0, 8),
            Block.of(100, 64, 0, 0, 10),
            Block.of(127, 0, 0, 0, 8),
            Block.of(169, 254, 0, 0, 16),
            Block.of(172, 16, 0, 0, 12),
            Block.of(192, 0, 0, 0, 24),
            Block.of(192, 0, 2, 0, 24),
            Block.of(192, 88, 99, 0, 24),
            Block.of(192, 168, 0, 0, 16),
            Block.of(198, 18, 0, 0, 15),
            Block.of(198, 51, 100, 0, 24),
            Block.of(203, 0, 113, 0, 24),
            Block.of(224, 0, 0, 0, 3)); // multicast, reserved, broadcast

    private PublicAddresses() {}

    static boolean contain(InetAddress address) {
        return switch (address) {
            case Inet4Address four -> isPublic(four.getAddress());
            case Inet6Address six -> isPublicSix(six.getAddress());
            default -> false;
        };
    }

    private static boolean isPublic(byte[] four) {
        int address = (four[0] & 0xff) << 24 | (four[1] & 0xff) << 16 | (four[2] & 0xff) << 8 | four[3] & 0xff;
        return SPECIAL.stream().noneMatch(block -> block.holds(address));
    }

    /**
     * Only global unicast, 2000::/3, and of that neither 2001::/23 (Teredo and others), 2001:db8::/32, 2002::/16 (6to4) nor
     * 3fff::/20. So no form that holds an IPv4 address inside gets through: NAT64, mapped, compatible.
     */
    private static boolean isPublicSix(byte[] six) {
        int first = (six[0] & 0xff) << 8 | six[1] & 0xff;
        int second = (six[2] & 0xff) << 8 | six[3] & 0xff;
        return first >>> 13 == 1
                && !(first == 0x2001 && (second < 0x200 || second == 0xdb8))
                && first != 0x2002
                && !(first == 0x3fff && second < 0x1000);
    }
}
