package io.crmbackup.jdbc.internal.translate;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.jdbc.internal.sql.SqlTokens;
import io.crmbackup.jdbc.internal.sql.TokenCursor;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.RecordSchema;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReferenceTailTest {
    private static SourceTable table(String sql) {
        SourceTable table = new SourceTable(RecordSchema.builder()
                .field("id", FieldType.INTEGER)
                .field("a", FieldType.INTEGER)
                .field("b", FieldType.INTEGER)
                .build());
        table.add(new TokenCursor(sql, SqlTokens.of(sql).orElseThrow()));
        return table;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ON DELETE CASCADE ON UPDATE SET NULL | ' ON DELETE CASCADE ON UPDATE SET NULL' |",
                "ON DELETE NO ACTION ON UPDATE RESTRICT | '' |",
                "MATCH SIMPLE NOT DEFERRABLE INITIALLY IMMEDIATE | '' |",
                "MATCH FULL ON DELETE CASCADE | ' ON DELETE CASCADE' | MATCH FULL",
                "ON DELETE SET DEFAULT ON UPDATE CASCADE | ' ON UPDATE CASCADE' | ON DELETE SET DEFAULT",
                "ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED | ' ON DELETE CASCADE' | DEFERRABLE,INITIALLY DEFERRED",
                "ON UPDATE CASCADE ON DELETE SET NULL (b) | ' ON UPDATE CASCADE' | ON DELETE SET NULL of some columns",
                "ON DELETE SET NULL (a, b) ON UPDATE CASCADE | ' ON DELETE SET NULL ON UPDATE CASCADE' |",
                "ON DELETE CASCADE NOT VALID | ' ON DELETE CASCADE' | NOT VALID",
            })
    void whatIsLostOfAReferenceIsNamed(String tail, String actions, String lost) {
        for (String sql : List.of(
                "CREATE TABLE t (id int, a int, b int, FOREIGN KEY (a, b) REFERENCES other (x, y) " + tail + ")",
                "ALTER TABLE ONLY t ADD CONSTRAINT c FOREIGN KEY (a, b) REFERENCES other(x, y) " + tail)) {
            SourceTable table = table(sql);
            assertThat(String.join(" ", table.actions(List.of("a", "b"))))
                    .as(sql)
                    .isEqualTo(actions.strip());
            assertThat(table.leftOut())
                    .as(sql)
                    .isEqualTo(
                            lost == null
                                    ? List.of()
                                    : List.of(lost.split(",")).stream()
                                            .map(word -> word + " of the reference of a, b")
                                            .toList());
        }
    }

    @Test
    void theReferenceOfOneColumnEndsWhereTheColumnGoesOn() {
        SourceTable table = table("CREATE TABLE t (id int, a int REFERENCES other (x) MATCH FULL ON DELETE CASCADE"
                + " DEFERRABLE NOT NULL DEFAULT 7, b int)");
        assertThat(table.actions(List.of("a"))).containsExactly("ON DELETE CASCADE");
        assertThat(table.leftOut()).containsExactly("DEFERRABLE of the reference of a");
        assertThat(table.defaultOf("a")).contains(SourceDefault.literal("7"));
    }
}
