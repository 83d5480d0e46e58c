/** {@code saccade demo}: one question about one clip over HTTP on a throwaway data folder. */
@NullMarked
package dev.saccade.quickstart.demo;

import org.jspecify.annotations.NullMarked;
