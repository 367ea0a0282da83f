// Enough JSON for the golden numbers: objects, arrays, texts and numbers of a file that is known to be good.
#pragma once
#include <cctype>
#include <cstdlib>
#include <string>
#include <vector>

// A number's or a word's characters, a text's content, or the members; an array's members have no names.
struct Json {
    struct Member;
    std::string text;
    std::vector<Member> members;

    const Json &operator[](const std::string &name) const;
    double number() const { return std::strtod(text.c_str(), nullptr); }
    int64_t whole() const { return std::strtoll(text.c_str(), nullptr, 10); }
    uint64_t seed() const { return std::strtoull(text.c_str(), nullptr, 10); }
    bool is(const char *word) const { return text == word; }
};
struct Json::Member {
    std::string key;
    Json value;
};
inline const Json &Json::operator[](const std::string &name) const {
    for (const auto &[key, value] : members)
        if (key == name) return value;
    std::printf("the golden numbers lack %s\n", name.c_str());
    std::exit(1);
}

class JsonReader {
  public:
    explicit JsonReader(const std::string &text) : at_(text.c_str()) {}
    Json read() {
        Json json;
        const char first = peek();
        if (first == '"') json.text = quoted();
        else if (first == '{' || first == '[') {
            at_++;
            for (; peek() != '}' && *at_ != ']'; at_ += *at_ == ',') {
                std::string name;
                if (first == '{') name = quoted(), peek(), at_++;  // the colon
                json.members.push_back({name, read()});
                peek();
            }
            at_++;
        } else
            while (*at_ && !std::strchr(",]} \n", *at_)) json.text += *at_++;
        return json;
    }

  private:
    char peek() {
        while (std::isspace(static_cast<unsigned char>(*at_))) at_++;
        return *at_;
    }
    std::string quoted() {
        std::string content;
        for (peek(), at_++; *at_ != '"'; at_++) content += *at_ == '\\' ? *++at_ : *at_;
        at_++;
        return content;
    }
    const char *at_;
};
