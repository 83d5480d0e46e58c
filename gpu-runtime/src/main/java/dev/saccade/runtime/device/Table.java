package dev.saccade.runtime.device;

/** Rows that are looked up by number: the token embedding, (rows, width). */
public interface Table {

    int rows();

    int width();
}
