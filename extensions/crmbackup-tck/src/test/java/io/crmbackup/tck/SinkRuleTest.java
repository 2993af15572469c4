package io.crmbackup.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SinkRuleTest {
    static List<WrongSinks.Wrong> wrongSinks() {
        return WrongSinks.all();
    }

    @ParameterizedTest
    @MethodSource("wrongSinks")
    void wrongSinkIsFoundByItsRule(WrongSinks.Wrong wrong) {
        Throwable found = catchThrowable(() -> wrong.rule().check(wrong.store()));
        if (wrong.rule() == SinkRule.ALL_METHODS_RUN_AT_ONCE || found instanceof IOException) {
            assertThat(found).isInstanceOfAny(AssertionError.class, IOException.class);
        } else {
            assertThat(found).isInstanceOf(AssertionError.class);
        }
    }

    @Test
    void everyRuleFindsAWrongSink() {
        assertThat(wrongSinks().stream().map(WrongSinks.Wrong::rule).distinct())
                .containsExactlyInAnyOrder(SinkRule.values());
    }

    @Test
    void everyRuleHasATestOfItsName() {
        Stream<String> tests = Arrays.stream(SinkTck.class.getDeclaredMethods())
                .filter(m -> m.isAnnotationPresent(Test.class))
                .map(Method::getName);
        assertThat(tests)
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(SinkRule.values()).map(SinkRule::title).toList());
    }

    @Test
    void everyNumberOfTheContractHasARule() {
        assertThat(Arrays.stream(SinkRule.values()).map(SinkRule::number).distinct())
                .containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    }

    @Test
    void checkPassesALawfulStoreAndLeavesNothing() {
        InMemorySink sink = new InMemorySink();
        SinkReport report = SinkCheck.run((SinkStore) sink::client);
        assertThat(report.findings())
                .hasSize(SinkRule.values().length)
                .allMatch(f -> f.result() == SinkReport.Result.PASSED);
        assertThat(report.isLawful()).isTrue();
        assertThat(sink.size()).isZero();
    }

    @Test
    void checkOfOneClientSkipsWhatItCannotTryAndLeavesItOpen() throws IOException {
        InMemorySink sink = new InMemorySink();
        SinkReport report = SinkCheck.run(sink);
        assertThat(report.findings().stream().filter(f -> f.result() == SinkReport.Result.SKIPPED))
                .extracting(f -> f.rule().needs())
                .hasSize(6)
                .containsOnly(SinkRule.Needs.STORE);
        assertThat(report.failures()).isEmpty();
        sink.list("", o -> {});
    }

    @Test
    void checkNamesTheBrokenRuleAndWhatWasSeen() {
        WrongSinks.Wrong wrong = wrongSinks().stream()
                .filter(w -> w.how().equals("overwriting"))
                .findFirst()
                .orElseThrow();
        SinkReport report = SinkCheck.run(wrong.store());
        assertThat(report.isLawful()).isFalse();
        assertThat(report.toString()).contains("FAILED must03_putOfATakenNameFails: a second put of");
    }

    @Test
    void brokenShouldIsAFailureAndStillLawful() {
        WrongSinks.Wrong wrong = wrongSinks().stream()
                .filter(w -> w.how().equals("one page"))
                .findFirst()
                .orElseThrow();
        SinkReport report = SinkCheck.run(wrong.store());
        assertThat(report.failures())
                .singleElement()
                .extracting(SinkReport.Finding::rule)
                .isEqualTo(SinkRule.LIST_VISITS_EACH_OBJECT_ONCE);
        assertThat(report.isLawful()).isTrue();
    }
}
