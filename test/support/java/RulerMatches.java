import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import software.amazon.event.ruler.Machine;

/** Reads {"rules": {name: pattern}, "events": [...]} and prints the names of the rules that match each event. */
public class RulerMatches {
  public static void main(String[] args) throws Exception {
    ObjectMapper mapper = new ObjectMapper();
    JsonNode input = mapper.readTree(System.in);
    Machine machine = new Machine();
    for (var rule : input.get("rules").properties()) {
      machine.addRule(rule.getKey(), rule.getValue().toString());
    }
    List<TreeSet<String>> matches = new ArrayList<>();
    for (JsonNode event : input.get("events")) {
      matches.add(new TreeSet<>(machine.rulesForJSONEvent(event.toString())));
    }
    System.out.println(mapper.writeValueAsString(matches));
  }
}
