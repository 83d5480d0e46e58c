package dev.saccade.quickstart.bench;

import dev.saccade.runtime.checkpoint.random.Shape;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code demo}, {@code 0.5b}, {@code 3b} or {@code 7b}. */
final class ShapeConverter implements ITypeConverter<Shape> {

    @Override
    public Shape convert(String label) {
        try {
            return Shape.named(label);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
